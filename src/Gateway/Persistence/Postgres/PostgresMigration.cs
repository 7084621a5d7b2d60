using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Gateway.Persistence.Postgres;

/// <summary>
/// Makes the database where it is absent and brings its schema up to date, one node after the other: Entity Framework's own
/// lock ends with each migration, so one of ours is held around all of them.
/// </summary>
internal static partial class PostgresMigration
{
    /// <summary>Any number that every node takes.</summary>
    private const long LockKey = 0x63626774_6D696772;

    private const string MaintenanceDatabase = "postgres";

    /// <exception cref="StartupException">No server answers, or it refuses.</exception>
    public static async Task RunAsync(PostgresSource source, ILogger logger)
    {
        try
        {
            await using var guard = await OpenAsync(source);
            await ExecuteAsync(guard, $"SELECT pg_advisory_lock({LockKey})");
            if (!await MigrationHistory.IsCompleteAsync<PostgresGatewayDbContext>(guard))
            {
                await using var context = new PostgresGatewayDbContext(ContextOptions(source));
                context.Database.SetCommandTimeout(TimeSpan.FromMinutes(10));
                await context.Database.MigrateAsync();
            }

            await ExecuteAsync(guard, $"SELECT pg_advisory_unlock({LockKey})");
            await WarnAsync(guard, logger);
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException or InvalidOperationException)
        {
            throw new StartupException($"Storage:ConnectionString leads to no usable PostgreSQL at {source.Place}: {Reason(exception)}");
        }
    }

    public static DbContextOptions<PostgresGatewayDbContext> ContextOptions(PostgresSource source) =>
        new DbContextOptionsBuilder<PostgresGatewayDbContext>()
            .UseNpgsql(source.Searches)
            .UseQueryTrackingBehavior(QueryTrackingBehavior.NoTracking)
            .Options;

    private static async Task<NpgsqlConnection> OpenAsync(PostgresSource source)
    {
        try
        {
            return await source.Searches.OpenConnectionAsync();
        }
        catch (PostgresException absent) when (absent.SqlState == PostgresErrorCodes.InvalidCatalogName)
        {
            await CreateAsync(source);
            return await source.Searches.OpenConnectionAsync();
        }
    }

    private static async Task CreateAsync(PostgresSource source)
    {
        var settings = new NpgsqlConnectionStringBuilder(source.Settings.ConnectionString) { Database = MaintenanceDatabase, Pooling = false };
        using var elsewhere = new PostgresSource(settings.ConnectionString);
        await using var connection = await elsewhere.Searches.OpenConnectionAsync();
        try
        {
            await ExecuteAsync(connection, $"CREATE DATABASE {new NpgsqlCommandBuilder().QuoteIdentifier(source.Settings.Database!)}");
        }
        catch (PostgresException exists) when (
            exists.SqlState is PostgresErrorCodes.DuplicateDatabase or PostgresErrorCodes.UniqueViolation)
        {
            // Another node was faster.
        }
    }

    /// <summary>What makes a commit less durable than it looks is the operator's choice, but not a silent one.</summary>
    private static async Task WarnAsync(NpgsqlConnection connection, ILogger logger)
    {
        await using var command = new NpgsqlCommand(
            "SELECT current_setting('synchronous_standby_names') = '', current_setting('fsync'), current_setting('full_page_writes')", connection);
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        if (reader.GetBoolean(0))
        {
            Log.NoStandby(logger);
        }

        if (reader.GetString(1) != "on" || reader.GetString(2) != "on")
        {
            Log.NotDurable(logger, reader.GetString(1), reader.GetString(2));
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        // Other nodes may migrate for as long as they need.
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync();
    }

    private static string Reason(Exception exception) =>
        (exception.InnerException is { } inner && exception is not PostgresException ? inner.Message : exception.Message).ReplaceLineEndings(" ");

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message =
            "PostgreSQL names no synchronous standby (synchronous_standby_names is empty): what is acknowledged is on one machine's disk only.")]
        public static partial void NoStandby(ILogger logger);

        [LoggerMessage(Level = LogLevel.Warning, Message =
            "PostgreSQL runs with fsync={Fsync} and full_page_writes={FullPageWrites}: a power failure may lose what was acknowledged.")]
        public static partial void NotDurable(ILogger logger, string fsync, string fullPageWrites);
    }
}
