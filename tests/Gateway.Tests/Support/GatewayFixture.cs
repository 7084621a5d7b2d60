namespace Gateway.Tests.Support;

/// <summary>One gateway for the tests of a class; each makes activities of its own. Started by the first that runs.</summary>
public abstract class GatewayFixture(Store store) : IDisposable
{
    private readonly Lazy<GatewayApp> app = new(() => GatewayApp.Start(store: store));

    internal GatewayApp App => app.Value;

    public void Dispose()
    {
        if (app.IsValueCreated)
        {
            app.Value.Dispose();
        }

        GC.SuppressFinalize(this);
    }
}

public sealed class SqliteGateway() : GatewayFixture(Store.Sqlite);

public sealed class PostgresGateway() : GatewayFixture(Store.Postgres);
