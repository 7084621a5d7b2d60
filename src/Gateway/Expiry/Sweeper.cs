namespace Gateway.Expiry;

/// <summary>A worker that makes one pass after the other: the first at once, the next with each tick of the clock.</summary>
internal abstract class Sweeper(TimeSpan interval, TimeProvider time) : BackgroundService
{
    protected TimeProvider Time => time;

    /// <summary>One pass. A failure is logged and left to the next one.</summary>
    /// <returns>How much it did.</returns>
    internal abstract Task<int> RunPassAsync(CancellationToken cancellationToken);

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(interval, time);
        try
        {
            do
            {
                await RunPassAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The gateway stops.
        }
    }
}
