namespace Gateway.Benchmarks.Load;

/// <summary>
/// Carries the calls of its connections on one thread, which sleeps until an answer is there, reads it and sends the next call. On
/// the thread pool an answer wakes two threads, which look for more work before they sleep, on the processors that the server
/// under test needs.
/// </summary>
internal sealed class Driver : IDisposable
{
    private readonly IReadOnlyList<Connection> connections;
    private readonly IReadiness readiness;
    private readonly Call[] underWay;

    private Driver(IReadOnlyList<Connection> connections)
    {
        this.connections = connections;
        underWay = new Call[connections.Count];
        readiness = connections.Count == 1 ? new OneReadiness(connections[0]) : new EpollReadiness(connections);
    }

    /// <summary>One for each processor; one for each connection where nothing tells which of several has an answer.</summary>
    public static IReadOnlyList<Driver> Of(IReadOnlyList<Connection> connections)
    {
        var count = OperatingSystem.IsLinux() ? Math.Min(Environment.ProcessorCount, connections.Count) : connections.Count;
        return [.. Enumerable.Range(0, count).Select(i => new Driver([.. connections.Where((_, index) => index % count == i)]))];
    }

    /// <summary>Takes calls until all are taken and its own are answered.</summary>
    public Task RunAsync(Calls calls) => Task.Factory.StartNew(
        () => Run(calls), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    public void Dispose() => readiness.Dispose();

    private void Run(Calls calls)
    {
        var free = new Stack<int>(Enumerable.Range(0, connections.Count));
        while (true)
        {
            while (free.TryPeek(out var place) && calls.TryTake(out underWay[place]))
            {
                connections[free.Pop()].Send(underWay[place].Request);
            }

            if (free.Count == connections.Count && calls.AreAllTaken)
            {
                return;
            }

            foreach (var place in readiness.Wait(free.Count == 0 || calls.AreAllTaken ? Timeout.InfiniteTimeSpan : calls.UntilNext))
            {
                if (connections[place].Receive() is { } status)
                {
                    calls.Answered(underWay[place], status);
                    free.Push(place);
                }
            }
        }
    }
}
