using Gateway.Activities;
using Gateway.Persistence;

namespace Gateway.Resumption;

/// <summary>
/// Worker of the push kinds: leases due entries (step 8 of a completion) and starts an attempt for each (steps 9 and 10)
/// without waiting for it. Pull queues lease for themselves.
/// </summary>
internal sealed partial class ResumptionDispatcher(
    IOutboxStore outbox,
    OutboxSignal signal,
    IEnumerable<IResumer> resumers,
    ResumptionAttempts attempts,
    ResumptionOptions options,
    TimeProvider time,
    ILogger<ResumptionDispatcher> logger) : BackgroundService
{
    private readonly IResumer[] resumers = [.. resumers];
    private readonly AttemptPlaces places = new(options.TotalConcurrency, options.HostConcurrency);
    private readonly Dictionary<ResumeKind, string> positions = [];
    private readonly CancellationTokenSource abort = new();
    private int rotation;
    private TimeSpan lookingTook;

    /// <summary>Attempts under way.</summary>
    internal int UnderWay => places.Taken;

    /// <summary>Completes when no attempt is under way.</summary>
    internal Task WhenIdle() => places.WhenIdle();

    /// <summary>One pass: leases what is due and has a place, and starts the attempts. When to look again at the latest.</summary>
    internal async Task<DateTimeOffset> RunPassAsync(CancellationToken cancellationToken)
    {
        var now = time.Now();
        var next = now + options.PollInterval;
        lookingTook = TimeSpan.Zero;
        try
        {
            foreach (var resumer in resumers)
            {
                var lanes = await LookAsync(resumer, cancellationToken);
                next = lanes.Where(lane => lane.DueAt > now).Select(lane => lane.DueAt).Append(next).Min();
                if (positions.ContainsKey(resumer.Kind) && places.Taken < options.TotalConcurrency)
                {
                    next = now;
                }

                var due = lanes.Where(lane => lane.DueAt <= now).Select(lane => new LaneKey(resumer.Kind, lane.Lane)).ToArray();
                places.Forget(resumer.Kind, due.ToHashSet());
                await Task.WhenAll(InTurn(due).Select(lane => LeaseAsync(resumer, lane, now, cancellationToken)));
            }
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            Log.PassFailed(logger, exception);
        }

        return next;
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await places.WhenIdle().WaitAsync(options.StopGrace, time, cancellationToken);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            Log.Aborting(logger, UnderWay);
            await abort.CancelAsync();
            await places.WhenIdle();
        }
    }

    public override void Dispose()
    {
        abort.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var next = await RunPassAsync(stoppingToken);
            // Looking at very many lanes must not eat a core while every commit signals.
            await Task.Delay(lookingTook, time, stoppingToken);
            var wait = next - time.GetUtcNow();
            await signal.WaitForPushAsync(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, stoppingToken);
        }
    }

    /// <summary>
    /// A lane is due with its first entry, but not before its target has rested. There may be a lane for every entry, so a look
    /// takes so many and the next one goes on behind them.
    /// </summary>
    private async ValueTask<List<(string Lane, DateTimeOffset DueAt)>> LookAsync(IResumer resumer, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        positions.Remove(resumer.Kind, out var after);
        var lanes = await outbox.LanesAsync(resumer.Kind, after ?? "", options.LanesAtOnce, cancellationToken);
        if (lanes.Count == options.LanesAtOnce)
        {
            positions[resumer.Kind] = lanes[^1].Lane;
        }

        lookingTook += time.GetElapsedTime(started);
        return [.. lanes.Select(lane => resumer.RestsUntil(lane.Lane) is var rested && rested > lane.DueAt ? (lane.Lane, rested) : lane)];
    }

    /// <summary>Lanes with the fewest attempts under way first, and another one first among equals in every pass.</summary>
    private IEnumerable<LaneKey> InTurn(LaneKey[] due)
    {
        var first = due.Length == 0 ? 0 : (int)((uint)rotation++ % due.Length);
        return due[first..].Concat(due[..first]).OrderBy(places.TakenBy);
    }

    /// <summary>Leases run side by side: the store commits them together.</summary>
    private async Task LeaseAsync(IResumer resumer, LaneKey lane, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var unused = places.Take(lane, resumer.ConcurrencyOf(lane.Lane));
        if (unused == 0)
        {
            return;
        }

        try
        {
            var entries = await outbox.LeaseAsync(lane.Kind, lane.Lane, unused, now, resumer.AttemptTimeout + options.LeaseMargin);
            foreach (var entry in entries)
            {
                unused--;
                _ = Task.Run(() => AttemptAsync(resumer, lane, entry), CancellationToken.None);
            }
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            Log.PassFailed(logger, exception);
        }
        finally
        {
            places.Return(lane, unused);
        }
    }

    private async Task AttemptAsync(IResumer resumer, LaneKey lane, ResumptionEntry entry)
    {
        var delivered = false;
        try
        {
            delivered = await attempts.RunAsync(resumer, entry, abort.Token);
        }
        catch (Exception exception) when (!abort.IsCancellationRequested)
        {
            Log.AttemptLost(logger, entry.ActivityId, exception);
        }
        catch (OperationCanceledException)
        {
            // Stopping: the entry stays leased and is released at the next start.
        }
        finally
        {
            places.Finish(lane, delivered);
            // A place is free: whoever found none before gets another look.
            signal.Committed(new CommitNotice(lane.Kind, lane.Lane, null));
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "A pass over the outbox failed; the next one tries again.")]
        public static partial void PassFailed(ILogger logger, Exception exception);

        [LoggerMessage(Level = LogLevel.Error, Message = "An attempt to resume {ActivityId} could not be recorded; its lease will expire.")]
        public static partial void AttemptLost(ILogger logger, ActivityId activityId, Exception exception);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Stopping cancels {Count} attempts under way; they are made again after the next start.")]
        public static partial void Aborting(ILogger logger, int count);
    }
}
