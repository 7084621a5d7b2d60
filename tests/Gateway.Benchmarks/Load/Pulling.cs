namespace Gateway.Benchmarks.Load;

/// <summary>Runners that lease and acknowledge while the calls come, and how far the queue was behind.</summary>
internal sealed class Pulling
{
    private readonly Lock gate = new();
    private readonly int runners;
    private TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int expected = int.MaxValue;
    private int taken;

    /// <param name="runners">None: nobody takes the outcomes, and nobody waits for that.</param>
    public Pulling(Runner runner, int runners)
    {
        this.runners = runners;
        for (var i = 0; i < runners; i++)
        {
            _ = runner.PullAsync(Take);
        }
    }

    /// <summary>The longest time from a commit to the lease of its outcome.</summary>
    public TimeSpan MostBehind { get; private set; }

    /// <summary>Completes when so many outcomes were leased and acknowledged, counted from the start.</summary>
    public async Task WhenTakenAsync(int count)
    {
        if (runners == 0)
        {
            return;
        }

        lock (gate)
        {
            (expected, reached) = (count, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            if (taken >= expected)
            {
                reached.SetResult();
            }
        }

        await reached.Task;
    }

    private void Take(TimeSpan behind)
    {
        lock (gate)
        {
            MostBehind = behind > MostBehind ? behind : MostBehind;
            if (++taken == expected)
            {
                reached.TrySetResult();
            }
        }
    }
}
