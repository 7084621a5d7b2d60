using System.Security.Cryptography;
using System.Text;

namespace Gateway.Tests.Support;

/// <summary>What outlives a gateway: a data directory, or a database with the settings every node of it needs.</summary>
internal sealed class TestData : IDisposable
{
    private const string NodesKey = "the-runners-key";

    private readonly bool dropAtEnd;

    private TestData(Store store, string? connectionString, bool dropAtEnd) =>
        (Store, Directory, ConnectionString, this.dropAtEnd) = (store, TempDirectory.Create(), connectionString, dropAtEnd);

    public Store Store { get; }

    /// <summary>Where SQLite keeps its file; unused with PostgreSQL.</summary>
    public string Directory { get; }

    public string? ConnectionString { get; }

    /// <summary>The API key of a runner that may do everything. With SQLite known after the first start.</summary>
    public string RunnerKey => Store is Store.Postgres ? NodesKey : File.ReadAllText(Path.Combine(Directory, "runner.key")).Trim();

    public static TestData Create(Store store) =>
        store is Store.Postgres ? new(store, PostgresServer.NewDatabase(), dropAtEnd: true) : new(store, null, dropAtEnd: false);

    /// <param name="connectionString">Of a server that the test runs itself.</param>
    public static TestData On(string connectionString) => new(Store.Postgres, connectionString, dropAtEnd: false);

    /// <summary>What a gateway over this data is configured with.</summary>
    public Dictionary<string, string?> Settings()
    {
        var settings = new Dictionary<string, string?> { ["Storage:DataDirectory"] = Directory };
        if (Store is Store.Sqlite)
        {
            return settings;
        }

        settings["Storage:Provider"] = "postgres";
        settings["Storage:ConnectionString"] = ConnectionString;
        settings["Tokens:Keys:0:id"] = "1";
        settings["Tokens:Keys:0:secret"] = Convert.ToBase64String(SHA256.HashData("tokens"u8));
        settings["Resume:Webhook:SigningSecret"] = "whsec_" + Convert.ToBase64String(SHA256.HashData("webhooks"u8));
        settings["ApiKeys:0:name"] = "runner";
        settings["ApiKeys:0:sha256"] = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(NodesKey)));
        settings["ApiKeys:0:namespace"] = "*";
        foreach (var (scope, place) in new[] { "register", "resume", "complete", "operate" }.Select((scope, place) => (scope, place)))
        {
            settings[$"ApiKeys:0:scopes:{place}"] = scope;
        }

        return settings;
    }

    public void Dispose()
    {
        TempDirectory.Delete(Directory);
        if (dropAtEnd)
        {
            PostgresServer.Drop(ConnectionString!);
        }
    }
}
