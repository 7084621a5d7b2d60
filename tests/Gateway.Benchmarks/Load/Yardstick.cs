namespace Gateway.Benchmarks.Load;

/// <summary>A server that the gateway is compared with: warm, with connections that stay open, and sent bodies like the gateway's.</summary>
internal sealed class Yardstick : IDisposable
{
    private readonly OpenConnections connections;
    private readonly List<byte[]> requests;

    private Yardstick(OpenConnections connections, List<byte[]> requests) => (this.connections, this.requests) = (connections, requests);

    public static async Task<Yardstick> WarmUpAsync(Server server, LoadOptions options, Bodies bodies)
    {
        var path = $"/activities/{new string('x', 60)}/complete";
        List<byte[]> requests = [.. Enumerable.Range(0, Math.Max(options.Count, options.WarmUp))
            .Select(i => Connection.Request("POST", path, bodies.Body(i), server.Address))];
        await Round.WarmUpAsync(server, requests[..options.WarmUp], options.Connections);
        return new Yardstick(OpenConnections.To(server, options.Connections), requests);
    }

    /// <summary>Another build of the gateway, with activities of its own.</summary>
    public static async Task<Yardstick> WarmUpGatewayAsync(Server server, string apiKey, LoadOptions options, Bodies bodies)
    {
        using var runner = new Runner(server, apiKey, bodies.Schema, []);
        var warm = await runner.WarmUpAsync(server, options.WarmUp);
        var (measured, _) = await runner.RegisterAsync(options.Count);
        await Round.WarmUpAsync(server, bodies.Completions(server, warm), options.Connections);
        return new Yardstick(OpenConnections.To(server, options.Connections), bodies.Completions(server, measured));
    }

    /// <summary>Sends a part of the requests.</summary>
    public Task<RoundResult> RunAsync(int from, int count, int? rate) => Round.RunAsync(connections, requests[from..(from + count)], rate);

    public void Dispose() => connections.Dispose();
}
