using System.Diagnostics;
using Gateway.Activities;
using Gateway.Observability;
using Gateway.Persistence;

namespace Gateway.Resumption;

/// <summary>Where chance comes from: from 0 to 1.</summary>
internal delegate double Jitter();

/// <summary>One attempt from start to record: load, resume, decide what follows, store it, say it in one line.</summary>
internal sealed partial class ResumptionAttempts(
    IOutboxStore outbox, RetrySchedule schedule, Jitter jitter, TimeProvider time, ILogger<ResumptionAttempts> logger,
    GatewayMetrics? metrics = null)
{
    private static readonly TimeSpan RecordAgainAfter = TimeSpan.FromSeconds(1);

    /// <summary>Whether the target has the outcome.</summary>
    /// <exception cref="OperationCanceledException">The gateway stops; nothing was recorded.</exception>
    public async Task<bool> RunAsync(IResumer resumer, ResumptionEntry entry, CancellationToken cancellationToken)
    {
        var (at, started) = (time.Now(), time.GetTimestamp());
        var loaded = await outbox.LoadAsync(entry.ActivityId, cancellationToken);
        var result = loaded is (var outcome, var target)
            ? await ResumeAsync(resumer, new ResumptionAttempt(outcome, target, entry.Attempt, await outbox.MayHaveArrivedAsync(entry, cancellationToken)), cancellationToken)
            : new ResumeResult.Rejected("the activity was purged");
        var duration = time.GetElapsedTime(started);

        var settlement = await DecideAsync(resumer, entry, result, at, cancellationToken);
        var answer = await RecordAsync(entry, at, duration, result, settlement, cancellationToken);
        metrics?.Delivered(entry.Kind.Wire(), Word(result));
        Say(resumer, entry, loaded?.Target, result, duration, settlement, answer);
        return result is ResumeResult.Delivered or ResumeResult.SettledAmbiguous;
    }

    private static string Word(ResumeResult result) => result switch
    {
        ResumeResult.Delivered => "delivered",
        ResumeResult.Retry => "retry",
        ResumeResult.SettledAmbiguous => "ambiguous",
        _ => "rejected",
    };

    private async Task<ResumeResult> ResumeAsync(IResumer resumer, ResumptionAttempt attempt, CancellationToken cancellationToken)
    {
        try
        {
            return await resumer.ResumeAsync(attempt, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Not the message: it may quote a URL or a header.
            Log.ResumerThrew(logger, attempt.Outcome.Id, exception.GetType().Name, exception.StackTrace);
            return new ResumeResult.Retry($"failed with {exception.GetType().Name}", null, MayHaveArrived: true);
        }
    }

    private async ValueTask<Settlement> DecideAsync(
        IResumer resumer, ResumptionEntry entry, ResumeResult result, DateTimeOffset at, CancellationToken cancellationToken)
    {
        switch (result)
        {
            case ResumeResult.Delivered delivered:
                return new Settlement.Delivered(delivered.Answer);
            case ResumeResult.SettledAmbiguous ambiguous:
                return new Settlement.Delivered(ambiguous.Reason);
            case ResumeResult.Rejected rejected:
                return new Settlement.Dead(rejected.Reason);
            case ResumeResult.Retry retry when entry.Attempt >= resumer.MaxAttempts:
                return new Settlement.Dead($"{retry.Reason}; no attempts left");
            case ResumeResult.Retry retry:
                var next = time.Now() + (resumer.Schedule ?? schedule).Delay(entry.Attempt, jitter(), retry.After);
                return next - (await outbox.FirstAttemptAtAsync(entry, cancellationToken) ?? at) > resumer.MaxAge
                    ? new Settlement.Dead($"{retry.Reason}; too old for another attempt")
                    : new Settlement.RetryAt(next, retry.Reason);
            default:
                throw new UnreachableException();
        }
    }

    /// <summary>What is not recorded is done again, so a full queue is no reason to give up while the lease lasts.</summary>
    private async Task<LeaseAnswer> RecordAsync(
        ResumptionEntry entry, DateTimeOffset at, TimeSpan duration, ResumeResult result, Settlement settlement, CancellationToken cancellationToken)
    {
        var mayHaveArrived = result is ResumeResult.Retry { MayHaveArrived: true };
        while (true)
        {
            try
            {
                return await outbox.RecordAttemptAsync(entry, at, duration, result.Text, settlement, time.Now(), mayHaveArrived);
            }
            catch (OverloadedException) when (time.GetUtcNow() + RecordAgainAfter < entry.LeasedUntil)
            {
                await Task.Delay(RecordAgainAfter, time, cancellationToken);
            }
        }
    }

    private void Say(
        IResumer resumer, ResumptionEntry entry, ResumeTarget? target, ResumeResult result, TimeSpan duration, Settlement settlement, LeaseAnswer answer)
    {
        var level = settlement is Settlement.Dead || result is ResumeResult.SettledAmbiguous ? LogLevel.Warning : LogLevel.Information;
        var (kind, host, next) = (entry.Kind.Wire(), target is null ? "" : Host(target), Next(settlement, answer));
        Log.Attempted(
            logger, level, entry.ActivityId, kind, host, entry.Attempt, resumer.MaxAttempts, result.Text, duration.TotalMilliseconds, next);
    }

    /// <summary>A target's host or connection: the rest of a URL may hold secrets of the runner.</summary>
    private static string Host(ResumeTarget target) =>
        Uri.TryCreate(target.Address, UriKind.Absolute, out var uri) ? uri.IdnHost : target.Address;

    private static string Next(Settlement settlement, LeaseAnswer answer) => (answer, settlement) switch
    {
        (LeaseAnswer.Lost, _) => "none, the lease was lost",
        (_, Settlement.RetryAt retry) => $"again at {Rfc3339.Format(retry.At)}",
        (_, Settlement.Dead) => "dead",
        _ => "delivered",
    };

    private static partial class Log
    {
        [LoggerMessage(Message =
            "Resumption of {ActivityId} by {Kind} at {Host}, attempt {Attempt} of {MaxAttempts}: {Answer} in {DurationMs:0.0} ms; {Next}.")]
        public static partial void Attempted(
            ILogger logger, LogLevel level, ActivityId activityId, string kind, string host, int attempt, int maxAttempts, string answer,
            double durationMs, string next);

        [LoggerMessage(Level = LogLevel.Error, Message = "The resumer threw {Exception} for {ActivityId}; it counts as a retry. {StackTrace}")]
        public static partial void ResumerThrew(ILogger logger, ActivityId activityId, string exception, string? stackTrace);
    }
}
