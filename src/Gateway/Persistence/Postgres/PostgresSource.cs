using Npgsql;

namespace Gateway.Persistence.Postgres;

/// <summary>
/// Connections to the database, of two kinds: keyed ones for the prepared statements of the hot paths, and ordinary ones for
/// lists, searches and migrations.
/// </summary>
internal sealed class PostgresSource : IDisposable
{
    /// <summary>
    /// Every statement of a keyed connection finds its rows by an index, however small a table was when the statement was
    /// planned: a plan made for an empty table would read a full one from end to end. A time limit of the role must not reach
    /// these sessions either: it would cut short the wait for a synchronous standby, and the commit would claim too much.
    /// </summary>
    private const string KeyedSettings = """
        SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off;
        SET plan_cache_mode = force_generic_plan; SET jit = off;
        SET statement_timeout = 0; SET lock_timeout = 0; SET idle_in_transaction_session_timeout = '5s';
        SELECT set_config('synchronous_commit',
            CASE current_setting('synchronous_commit') WHEN 'remote_apply' THEN 'remote_apply' ELSE 'on' END, false);
        """;

    private const int PreparedStatements = 60;
    private const int MostConnections = 20;

    /// <summary>A batch of usual size goes to the server in one call of the system.</summary>
    private const int BatchBytes = 64 * 1024;

    private readonly NpgsqlDataSource keyed;

    public PostgresSource(string connectionString)
    {
        Settings = Complete(connectionString);
        Searches = Build(Settings, static _ => { });
        var settings = new NpgsqlConnectionStringBuilder(Settings.ConnectionString)
        {
            NoResetOnClose = true,
            CommandTimeout = 0,
            WriteBufferSize = Math.Max(Settings.WriteBufferSize, BatchBytes),
        };
        keyed = Build(settings, static builder => builder.UsePhysicalConnectionInitializer(
            static _ => throw new NotSupportedException("Keyed connections are opened asynchronously."), PrepareSessionAsync));
    }

    public NpgsqlConnectionStringBuilder Settings { get; }

    /// <summary>Ordinary connections.</summary>
    public NpgsqlDataSource Searches { get; }

    /// <summary>What an operator may read: where the server is, and never how one gets in.</summary>
    public string Place => $"{Settings.Host}:{Settings.Port}, database '{Settings.Database}'";

    /// <summary>
    /// Waits for what runs on a connection, but not for ever. What takes too long is left to itself, and its connection goes
    /// when it ends: the driver's own time limit would cancel it at the server, and a cancelled wait for a synchronous standby
    /// reports a commit that only one machine has.
    /// </summary>
    /// <exception cref="TimeoutException">It takes too long; the connection is no longer the caller's.</exception>
    public static async Task WithinAsync(TimeSpan limit, Task running, NpgsqlConnection connection, Action givenUp)
    {
        try
        {
            await running.WaitAsync(limit);
        }
        catch (TimeoutException) when (!running.IsCompleted)
        {
            givenUp();
            _ = running.ContinueWith(_ => connection.Dispose(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            throw;
        }
    }

    /// <summary>A keyed connection: keep it, or give it back by disposing it. Its commands have no time limit of their own.</summary>
    public async Task<NpgsqlConnection> OpenAsync(TimeSpan within)
    {
        using var limit = new CancellationTokenSource(within);
        return await keyed.OpenConnectionAsync(limit.Token);
    }

    public void Dispose()
    {
        keyed.Dispose();
        Searches.Dispose();
    }

    private static async Task PrepareSessionAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand(KeyedSettings, connection);
        var durability = (string?)await command.ExecuteScalarAsync();
        if (durability is not ("on" or "remote_apply"))
        {
            throw new StorageException($"synchronous_commit reads '{durability}': a commit would not be durable.");
        }
    }

    private static NpgsqlConnectionStringBuilder Complete(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        var seconds = (int)Patience.Limit.TotalSeconds;
        Default(settings, "Application Name", () => settings.ApplicationName = "callback-gateway");
        Default(settings, "Timeout", () => settings.Timeout = seconds);
        Default(settings, "Command Timeout", () => settings.CommandTimeout = seconds);
        Default(settings, "Tcp Keepalive", () => settings.TcpKeepAlive = true);
        Default(settings, "Tcp Keepalive Time", () => settings.TcpKeepAliveTime = 10);
        Default(settings, "Tcp Keepalive Interval", () => settings.TcpKeepAliveInterval = 5);

        // After a failover the new primary must be found at once, not when a cached verdict runs out.
        Default(settings, "Host Recheck Seconds", () => settings.HostRecheckSeconds = 1);
        Default(settings, "Maximum Pool Size", () => settings.MaxPoolSize = MostConnections);
        settings.MaxAutoPrepare = PreparedStatements;
        settings.AutoPrepareMinUsages = 2;
        settings.PersistSecurityInfo = false;
        return settings;
    }

    private static void Default(NpgsqlConnectionStringBuilder settings, string key, Action set)
    {
        if (!settings.ShouldSerialize(key))
        {
            set();
        }
    }

    /// <summary>Several hosts are one primary and its standbys, unless the connection string says otherwise.</summary>
    private static NpgsqlDataSource Build(NpgsqlConnectionStringBuilder settings, Action<NpgsqlDataSourceBuilder> configure)
    {
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        configure(builder);
        return settings.Host?.Contains(',', StringComparison.Ordinal) == true
            ? builder.BuildMultiHost().WithTargetSession(TargetSessionAttributes.Primary)
            : builder.Build();
    }
}
