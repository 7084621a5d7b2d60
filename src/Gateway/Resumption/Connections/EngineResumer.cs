using System.Diagnostics;
using Gateway.Activities;

namespace Gateway.Resumption.Connections;

/// <summary>
/// Hands outcomes to the engines of one kind, each in a lane of its connection's name. An outcome is accepted long before its
/// engine answers, so an engine that is down or set up wrongly costs time, never an outcome.
/// </summary>
internal sealed class EngineResumer(ResumeKind kind, ConnectionRegistry connections) : IResumer
{
    private static readonly TimeSpan HoldFor = TimeSpan.FromMinutes(5);

    private readonly Connection[] own = [.. connections.All.Where(connection => connection.Kind == kind)];

    public ResumeKind Kind => kind;

    public TimeSpan AttemptTimeout => own.Select(connection => connection.Options.Timeout).Append(TimeSpan.FromSeconds(1)).Max();

    public int LaneConcurrency => 1;

    /// <summary>Time ends a delivery, not a count: an outage must not use up what a busy day needs.</summary>
    public int MaxAttempts => 1_000_000;

    public TimeSpan MaxAge => TimeSpan.FromDays(31);

    /// <summary>Short waits: an engine that is down rests as a whole, see <see cref="ConnectionState"/>.</summary>
    public RetrySchedule Schedule { get; } = new(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(2));

    public int ConcurrencyOf(string lane) => connections.Find(kind, lane)?.Options.Concurrency ?? LaneConcurrency;

    public DateTimeOffset RestsUntil(string lane) => connections.Find(kind, lane)?.State.RestsUntil ?? default;

    public async Task<ResumeResult> ResumeAsync(ResumptionAttempt attempt, CancellationToken cancellationToken)
    {
        var target = attempt.Target;
        if (connections.Find(kind, target.Address) is not { } connection)
        {
            return new ResumeResult.Retry($"no connection {target.Address} of kind {kind.Wire()} is configured", HoldFor);
        }

        return await connection.ResumeAsync(attempt.Outcome, target.Options, cancellationToken) switch
        {
            EngineAnswer.Done done => new ResumeResult.Delivered(done.Answer),
            EngineAnswer.Gone gone when attempt.EarlierMayHaveArrived => new ResumeResult.SettledAmbiguous(
                $"ambiguous: {gone.Why}, after an attempt of unknown result; look for {EngineIdentity.Of(attempt.Outcome.Id)} in the workflow's history"),
            EngineAnswer.Gone gone => new ResumeResult.Rejected(gone.Why),
            EngineAnswer.Refused refused => new ResumeResult.Rejected(refused.Why),
            EngineAnswer.Hold hold => new ResumeResult.Retry(hold.Why, HoldFor),
            EngineAnswer.Again again => new ResumeResult.Retry(again.Why, null, again.MayHaveArrived),
            _ => throw new UnreachableException(),
        };
    }
}
