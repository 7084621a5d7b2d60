namespace Gateway.Benchmarks.Load;

/// <summary>
/// Keep-alive connections to one server that have carried a call already: a round on them measures calls, not the hundreds of
/// accepts before them, which would weigh most where a call costs least.
/// </summary>
internal sealed class OpenConnections : IDisposable
{
    private readonly IReadOnlyList<Connection> connections;

    private OpenConnections(Server server, IReadOnlyList<Connection> connections) =>
        (Server, this.connections, Drivers) = (server, connections, Driver.Of(connections));

    public Server Server { get; }

    /// <summary>Who carries calls over them, each over some.</summary>
    public IReadOnlyList<Driver> Drivers { get; }

    public static OpenConnections To(Server server, int count)
    {
        var first = Connection.Request("GET", "/health/live", [], server.Address);
        return new OpenConnections(server, [.. Enumerable.Range(0, count).Select(_ =>
        {
            var connection = Connection.Open(server.Address);
            connection.Call(first);
            return connection;
        })]);
    }

    public void Dispose()
    {
        foreach (var driver in Drivers)
        {
            driver.Dispose();
        }

        foreach (var connection in connections)
        {
            connection.Dispose();
        }
    }
}
