namespace Gateway.Benchmarks.Load;

/// <summary>
/// Keep-alive connections to one server that have carried a call already: a round on them measures calls, not the hundreds of
/// accepts before them, which would weigh most where a call costs least.
/// </summary>
internal sealed class OpenConnections : IDisposable
{
    private OpenConnections(Server server, IReadOnlyList<Connection> all) => (Server, All) = (server, all);

    public Server Server { get; }

    public IReadOnlyList<Connection> All { get; }

    public static async Task<OpenConnections> ToAsync(Server server, int count)
    {
        var first = Connection.Request("GET", "/health/live", [], server.Address);
        return new OpenConnections(server, await Task.WhenAll(Enumerable.Range(0, count).Select(async _ =>
        {
            var connection = await Connection.OpenAsync(server.Address);
            await connection.CallAsync(first);
            return connection;
        })));
    }

    public void Dispose()
    {
        foreach (var connection in All)
        {
            connection.Dispose();
        }
    }
}
