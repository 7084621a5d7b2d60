namespace Gateway.Benchmarks.Load;

/// <summary>Which of some connections have something to read.</summary>
internal interface IReadiness : IDisposable
{
    /// <summary>Their places in the list; none where nothing came in time.</summary>
    ReadOnlySpan<int> Wait(TimeSpan atMost);
}

/// <summary>A single connection: whoever has no time to keep waits in the read itself, which spares a call.</summary>
internal sealed class OneReadiness(Connection connection) : IReadiness
{
    private readonly int[] places = [0];

    public ReadOnlySpan<int> Wait(TimeSpan atMost) =>
        atMost == Timeout.InfiniteTimeSpan || connection.CanReceive(atMost) ? places : [];

    public void Dispose()
    {
    }
}
