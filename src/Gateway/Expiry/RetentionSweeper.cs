using Gateway.Activities;
using Gateway.Persistence;
using Microsoft.Extensions.Options;

namespace Gateway.Expiry;

/// <summary>
/// Removes activities that were closed and delivered longer ago than <c>Activities:RetentionDays</c>, in small steps behind
/// the same writer as everything else. An outcome nobody took is kept.
/// </summary>
internal sealed partial class RetentionSweeper(
    IActivityStore store, IOptions<ActivityOptions> options, TimeProvider time, ILogger<RetentionSweeper> logger)
    : Sweeper(Interval(options.Value), time)
{
    private const int BatchSize = 200;

    private static readonly TimeSpan LongestInterval = TimeSpan.FromMinutes(10);

    /// <summary>What is kept for a short time only is looked for more often, so that the file has room for what comes.</summary>
    private static TimeSpan Interval(ActivityOptions options)
    {
        var tenth = TimeSpan.FromDays(options.RetentionDays) / 10;
        return tenth < LongestInterval ? tenth : LongestInterval;
    }

    /// <summary>One pass over everything old enough.</summary>
    /// <returns>How many activities were removed.</returns>
    internal override async Task<int> RunPassAsync(CancellationToken cancellationToken)
    {
        var cutoff = Time.Now() - TimeSpan.FromDays(options.Value.RetentionDays);
        var removed = 0;
        try
        {
            for (long? after = 0; after is { } position && !cancellationToken.IsCancellationRequested;)
            {
                var purged = await store.PurgeAsync(cutoff, position, BatchSize);
                removed += purged.Count;
                after = purged.Next;
            }
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            Log.PassFailed(logger, exception);
        }

        if (removed > 0)
        {
            Log.Removed(logger, removed, options.Value.RetentionDays);
        }

        return removed;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Removed {Count} activities that were closed and delivered more than {Days} days ago.")]
        public static partial void Removed(ILogger logger, int count, double days);

        [LoggerMessage(Level = LogLevel.Error, Message = "A retention pass failed; the next one tries again.")]
        public static partial void PassFailed(ILogger logger, Exception exception);
    }
}
