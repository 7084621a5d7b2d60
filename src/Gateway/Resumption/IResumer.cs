using Gateway.Activities;

namespace Gateway.Resumption;

/// <summary>Hands committed outcomes to one kind of target. Called with no transaction open, many times at once.</summary>
internal interface IResumer
{
    ResumeKind Kind { get; }

    /// <summary>The longest one attempt may take; the dispatcher's lease outlasts it.</summary>
    TimeSpan AttemptTimeout { get; }

    /// <summary>How many attempts at one lane may be under way at once.</summary>
    int LaneConcurrency { get; }

    /// <summary>After so many attempts an entry is dead.</summary>
    int MaxAttempts { get; }

    /// <summary>No attempt is planned later than this after the first attempt since the activity closed or was redelivered.</summary>
    TimeSpan MaxAge { get; }

    /// <summary>How long to wait between attempts; null leaves it to the gateway's own schedule.</summary>
    RetrySchedule? Schedule => null;

    /// <summary>How many attempts at this lane may be under way at once.</summary>
    int ConcurrencyOf(string lane) => LaneConcurrency;

    /// <summary>Before this moment nothing of the lane is tried; a moment in the past where it does not rest.</summary>
    DateTimeOffset RestsUntil(string lane) => default;

    /// <summary>
    /// One attempt. Everything expected is an answer; an exception counts as <see cref="ResumeResult.Retry"/>.
    /// </summary>
    Task<ResumeResult> ResumeAsync(ResumptionAttempt attempt, CancellationToken cancellationToken);
}

/// <summary>One attempt's material: the outcome, whom it resumes and which attempt this is.</summary>
/// <param name="Outcome">The closed activity with the body of its outcome.</param>
/// <param name="Target">Whom to resume.</param>
/// <param name="Number">Counted from 1.</param>
/// <param name="EarlierMayHaveArrived">An earlier attempt ended without it being known whether the target took it.</param>
internal sealed record ResumptionAttempt(ClosedActivity Outcome, ResumeTarget Target, int Number, bool EarlierMayHaveArrived = false);
