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

    private async Task<object?> RunAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }
}
