using Gateway.Activities;
using Gateway.Persistence;

namespace Gateway.Expiry;

/// <summary>
/// Closes overdue activities within a second of their falling due, through the same transition and commit path as every
/// other end. What is due is asked of an index: the cost does not grow with what is pending.
/// </summary>
internal sealed partial class ExpirySweeper(IActivityStore store, TimeProvider time, ILogger<ExpirySweeper> logger)
    : Sweeper(TimeSpan.FromMilliseconds(500), time)
{
    private const int BatchSize = 250;

    /// <summary>One pass: everything that is due now. A failure is logged and left to the next pass.</summary>
    /// <returns>How many reminders were looked at.</returns>
    internal override async Task<int> RunPassAsync(CancellationToken cancellationToken)
    {
        var total = 0;
        try
        {
            var now = Time.Now();
            while (await store.NextDeadlineAsync(cancellationToken) <= now && !cancellationToken.IsCancellationRequested)
            {
                var count = await store.ExpireDueAsync(now, BatchSize);
                total += count;
                if (count == 0)
                {
                    // Another node is at them.
                    break;
                }
            }
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            Log.PassFailed(logger, exception);
        }

        return total;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "A pass over overdue activities failed; the next one tries again.")]
        public static partial void PassFailed(ILogger logger, Exception exception);
    }
}
