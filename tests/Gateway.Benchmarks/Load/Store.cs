using System.Security.Cryptography;
using System.Text;
using Gateway.Activities;

namespace Gateway.Benchmarks.Load;

/// <summary>Where the measured gateway keeps its activities: a store of its own, gone afterwards.</summary>
internal abstract class Store : IAsyncDisposable
{
    private readonly byte[] secret = RandomNumberGenerator.GetBytes(TokenKey.SecretSize);

    /// <summary>The runner's API key; configured, so that it is the same on every store.</summary>
    public string ApiKey { get; } = "cbgk_" + Convert.ToHexString(RandomNumberGenerator.GetBytes(24));

    /// <summary>The gateway's configuration.</summary>
    public virtual Dictionary<string, string> Settings => new()
    {
        ["ApiKeys:0:Name"] = "load",
        ["ApiKeys:0:Sha256"] = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(ApiKey))),
        ["ApiKeys:0:Namespace"] = "*",
        ["ApiKeys:0:Scopes:0"] = "register",
        ["ApiKeys:0:Scopes:1"] = "resume",
        ["ApiKeys:0:Scopes:2"] = "operate",
        ["Tokens:Keys:0:Id"] = "1",
        ["Tokens:Keys:0:Secret"] = Convert.ToBase64String(secret),
        ["Resume:Webhook:AllowPrivateNetworks"] = "true",
    };

    /// <param name="kind"><c>sqlite</c> or <c>postgres</c>.</param>
    public static async Task<Store> CreateAsync(string kind) => kind == "sqlite" ? new SqliteStore() : await PostgresStore.CreateAsync();

    /// <summary>Stores pending activities before the gateway starts; a sample of them, with their tokens.</summary>
    public abstract Task<List<(string Token, string Id)>> FillAsync(int count, string? schema, int keepOneOf);

    /// <summary>Bytes on disk, write-ahead log left out.</summary>
    public abstract ValueTask<long> SizeAsync();

    /// <summary>Bytes of the write-ahead log; 0 where it is the server's.</summary>
    public virtual long LogSize => 0;

    /// <summary>What is worth a look at the end; null where there is nothing.</summary>
    public virtual ValueTask<string?> StateAsync() => default;

    /// <summary>What the processes of a database server on this machine have used, those that ended included; null where there is none.</summary>
    public virtual TimeSpan? CpuTime => null;

    public abstract ValueTask DisposeAsync();

    private (string Token, string Id) Entitled(ActivityId id) =>
        (new TokenKeyRing([new TokenKey(1, secret)]).Issue(new TaskToken(id, Capabilities.All, 0, null)), id.ToString());

    private sealed class SqliteStore : Store
    {
        private readonly string directory = Path.Combine(Path.GetTempPath(), $"gateway-load-{Guid.NewGuid():N}");

        public override Dictionary<string, string> Settings => new(base.Settings) { ["Storage:DataDirectory"] = directory };

        public override async Task<List<(string Token, string Id)>> FillAsync(int count, string? schema, int keepOneOf) =>
            (await Filler.FillAsync(directory, count, schema, keepOneOf)).ConvertAll(Entitled);

        public override long LogSize => Length("gateway.db-wal");

        public override ValueTask<long> SizeAsync() => ValueTask.FromResult(Length("gateway.db"));

        public override ValueTask DisposeAsync()
        {
            if (Directory.Exists(directory))
            {
                Directory.Delete(directory, recursive: true);
            }

            return ValueTask.CompletedTask;
        }

        private long Length(string name) => new FileInfo(Path.Combine(directory, name)) is { Exists: true, Length: var length } ? length : 0;
    }
}
