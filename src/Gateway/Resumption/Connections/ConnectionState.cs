namespace Gateway.Resumption.Connections;

/// <summary>What is known of an engine from the last calls on it.</summary>
/// <param name="Status"><c>unknown</c> before the first answer, <c>up</c>, or <c>down</c>.</param>
/// <param name="Since">Since when it has that status.</param>
/// <param name="Trouble">Why the last call did not succeed; null after one that did.</param>
internal sealed record ConnectionStatus(string Status, DateTimeOffset Since, string? Trouble);

/// <summary>
/// The back-off of one connection: an engine that is down rests, each time longer, so that thousands of outcomes that wait
/// for it neither use up their attempts nor its first breath. One delivery tries it when the rest is over.
/// </summary>
internal sealed class ConnectionState(TimeProvider time, Jitter jitter)
{
    private static readonly TimeSpan ShortestRest = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(30);

    private readonly Lock gate = new();
    private ConnectionStatus status = new("unknown", time.GetUtcNow(), null);
    private DateTimeOffset restsUntil;
    private DateTimeOffset heardAt;
    private int failures;

    public ConnectionStatus Status
    {
        get
        {
            lock (gate)
            {
                return status;
            }
        }
    }

    /// <summary>No delivery is tried before; a moment in the past where the engine does not rest.</summary>
    public DateTimeOffset RestsUntil
    {
        get
        {
            lock (gate)
            {
                return restsUntil;
            }
        }
    }

    /// <summary>When the engine last answered, or failed to.</summary>
    public DateTimeOffset HeardAt
    {
        get
        {
            lock (gate)
            {
                return heardAt;
            }
        }
    }

    public void Record(EngineAnswer answer)
    {
        lock (gate)
        {
            heardAt = time.GetUtcNow();
            if (answer is not EngineAnswer.Again { Down: true })
            {
                (failures, restsUntil) = (0, default);
                Change("up", answer is EngineAnswer.Hold or EngineAnswer.Again ? answer.Text : null);
                return;
            }

            Change("down", answer.Text);
            // What was under way together fails together: that is one failure of the engine.
            if (heardAt >= restsUntil)
            {
                restsUntil = heardAt + Rest(++failures);
            }
        }
    }

    private TimeSpan Rest(int failures)
    {
        var doublings = Math.Min(failures - 1, 10);
        var ceiling = Math.Min(ShortestRest.Ticks << doublings, LongestRest.Ticks);
        // Half of it is chance, so that several gateways do not come back in step.
        return TimeSpan.FromTicks((ceiling / 2) + (long)(ceiling / 2 * Math.Clamp(jitter(), 0, 1)));
    }

    private void Change(string next, string? trouble) =>
        status = new ConnectionStatus(next, status.Status == next ? status.Since : heardAt, trouble);
}
