using System.Security.Cryptography;
using Npgsql;

namespace Gateway.Benchmarks.Load;

/// <summary>A database of its own on the server that <c>GATEWAY_TEST_POSTGRES</c> names.</summary>
internal sealed class PostgresStore : Store
{
    private const string Variable = "GATEWAY_TEST_POSTGRES";

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

    public override async ValueTask<long> SizeAsync() => (long)(await RunAsync($"SELECT pg_database_size('{name}')"))!;

    public override async ValueTask DisposeAsync() => await RunAsync($"DROP DATABASE {name} WITH (FORCE)");

    private async Task<object?> RunAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }
}
