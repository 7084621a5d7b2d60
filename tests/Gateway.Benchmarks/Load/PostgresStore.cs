using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Npgsql;

namespace Gateway.Benchmarks.Load;

/// <summary>A database of its own on the server that <c>GATEWAY_TEST_POSTGRES</c> names.</summary>
internal sealed class PostgresStore : Store
{
    private const string Variable = "GATEWAY_TEST_POSTGRES";

    /// <summary>What <c>/proc</c> counts in, on every Linux there is.</summary>
    private const double TicksPerSecond = 100;

    /// <summary>How the tables fared: what vacuum left to do, and how many updates stayed within their page.</summary>
    private const string TablesSql = """
        SELECT string_agg(format('%s: %s MB, indexes %s MB, live %s, dead %s, updates %s (%s within their page), vacuumed %s times',
            relname, pg_table_size(relid) / 1048576, pg_indexes_size(relid) / 1048576, n_live_tup, n_dead_tup,
            n_tup_upd, n_tup_hot_upd, autovacuum_count), E'\n' ORDER BY pg_total_relation_size(relid) DESC)
        FROM pg_stat_user_tables WHERE pg_total_relation_size(relid) > 1048576
        """;

    private readonly string connectionString;
    private readonly string name = $"gateway_load_{Guid.NewGuid():N}";

    private PostgresStore(string connectionString) => this.connectionString = connectionString;

    public override Dictionary<string, string> Settings => new(base.Settings)
    {
        ["Storage:Provider"] = "postgres",
        ["Storage:ConnectionString"] = new NpgsqlConnectionStringBuilder(connectionString) { Database = name }.ConnectionString,
        ["Resume:Webhook:SigningSecret"] = $"whsec_{Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))}",
    };

    /// <exception cref="ArgumentException">The environment names no server.</exception>
    public static async Task<Store> CreateAsync()
    {
        var store = new PostgresStore(Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } text
            ? text
            : throw new ArgumentException($"--store postgres needs a connection string in the environment variable {Variable}."));
        await store.RunAsync($"CREATE DATABASE {store.name}");
        return store;
    }

    /// <exception cref="ArgumentException">Only the embedded database can be filled ahead.</exception>
    public override Task<List<(string Token, string Id)>> FillAsync(int count, string? schema, int keepOneOf) =>
        throw new ArgumentException("--pending is for --store sqlite.");

    public override TimeSpan? CpuTime
    {
        get
        {
            // Each of them calls itself "postgres: " and what it does at the moment.
            var ticks = Process.GetProcesses().Where(process => process.ProcessName.StartsWith("postgres", StringComparison.Ordinal))
                .Sum(process => Ticks(process.Id));
            return ticks > 0 ? TimeSpan.FromSeconds(ticks / TicksPerSecond) : null;
        }
    }

    public override async ValueTask<long> SizeAsync() => (long)(await RunAsync($"SELECT pg_database_size('{name}')"))!;

    public override async ValueTask<string?> StateAsync() => (string?)await RunAsync(TablesSql, name);

    public override async ValueTask DisposeAsync() => await RunAsync($"DROP DATABASE {name} WITH (FORCE)");

    /// <summary>Of one process, with its children that ended (proc(5), fields 14 to 17).</summary>
    private static long Ticks(int process)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{process}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[11..15].Sum(field => long.Parse(field, CultureInfo.InvariantCulture));
        }
        catch (IOException)
        {
            // It has just ended, or this is no Linux.
            return 0;
        }
    }

    private async Task<object?> RunAsync(string sql, string? database = null)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        settings.Database = database ?? settings.Database;
        await using var source = NpgsqlDataSource.Create(settings);
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }
}
