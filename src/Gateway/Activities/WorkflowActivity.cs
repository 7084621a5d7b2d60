using System.Collections.ObjectModel;

namespace Gateway.Activities;

/// <summary>
/// One step of a workflow that waits for an outside answer, as it was last read. It decides what may happen to it; the
/// store makes a decision true only if the activity is still pending at the commit.
/// </summary>
internal sealed record WorkflowActivity
{
    public required ActivityId Id { get; init; }
    public required WorkflowReference Reference { get; init; }
    public string? ActivityType { get; init; }
    public string? Description { get; init; }

    /// <summary>Names the return schema's text, stored once by content; null allows any JSON.</summary>
    public long? SchemaId { get; init; }

    /// <summary><c>format</c> is an assertion for this activity, not an annotation.</summary>
    public bool AssertFormat { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset Deadline { get; init; }
    public TimeSpan? HeartbeatTimeout { get; init; }

    /// <summary>The result the activity completes with when a deadline falls due; null lets it time out.</summary>
    public ReadOnlyMemory<byte>? OnTimeoutResult { get; init; }

    public required ResumeTarget Resume { get; init; }
    public IReadOnlyDictionary<string, string> Labels { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Raised by a rotation; tokens of a lower generation are superseded.</summary>
    public int Generation { get; init; }

    public DateTimeOffset? CancelRequestedAt { get; init; }
    public string? CancelReason { get; init; }
    public DateTimeOffset? LastHeartbeat { get; init; }
    public DateTimeOffset? HeartbeatDeadline { get; init; }

    /// <summary>How it ended; null while pending.</summary>
    public Closing? Closing { get; init; }

    /// <summary>
    /// Not read, but as this node registered it: others may have changed it since. Good for an attempt to close it, which the
    /// store guards, and for no answer.
    /// </summary>
    public bool Remembered { get; init; }

    public ActivityState State => Closing?.State ?? ActivityState.Pending;

    /// <summary>The next moment at which this activity may fall due.</summary>
    public DateTimeOffset NextDue => HeartbeatDeadline < Deadline ? HeartbeatDeadline.Value : Deadline;

    /// <summary>Somebody completes, fails or cancels the activity.</summary>
    public Transition Close(Outcome outcome, ClosedBy by, DateTimeOffset now)
    {
        if (Closing is not null)
        {
            return Late(outcome, Closing);
        }

        if (now >= NextDue)
        {
            return new Transition.Overdue();
        }

        var reason = (outcome as Outcome.Canceled)?.Reason;
        return new Transition.Applied(new Closing(outcome.State, now, by, outcome.Digest, reason, null, LastHeartbeat), outcome.Body);
    }

    /// <summary>A deadline fell due; null while the activity is closed or still has time.</summary>
    public Transition.Applied? Expire(DateTimeOffset now)
    {
        if (Closing is not null || now < NextDue)
        {
            return null;
        }

        var kind = HeartbeatDeadline < Deadline ? TimeoutKind.Heartbeat : TimeoutKind.Schedule;
        Outcome outcome = OnTimeoutResult is { } result
            ? new Outcome.Completed(result, OutcomeDigest.Of(result.Span))
            : new Outcome.TimedOut(kind);
        return new Transition.Applied(
            new Closing(outcome.State, now, ClosedBy.Timeout, outcome.Digest, null, kind, LastHeartbeat), outcome.Body);
    }

    /// <summary>A higher attempt was registered; null while the activity is closed.</summary>
    public Transition.Applied? Supersede(DateTimeOffset now) => Closing is not null ? null : new Transition.Applied(
        new Closing(ActivityState.Canceled, now, ClosedBy.Superseded, OutcomeDigest.Of([]), "superseded", null, LastHeartbeat), default);

    /// <summary>The workflow engine waits for it no more; null while the activity is closed.</summary>
    public Transition.Applied? CloseByEngine(string reason, DateTimeOffset now) => Closing is not null ? null : new Transition.Applied(
        new Closing(ActivityState.Canceled, now, ClosedBy.Engine, OutcomeDigest.Of([]), reason, null, LastHeartbeat), default);

    /// <summary>A sign of life: extends the heartbeat deadline only, never the overall one.</summary>
    public HeartbeatTransition Heartbeat(DateTimeOffset now)
    {
        if (Closing is not null)
        {
            return new HeartbeatTransition.Closed(Closing);
        }

        return now >= NextDue
            ? new HeartbeatTransition.Overdue()
            : new HeartbeatTransition.Applied(now, now + HeartbeatTimeout);
    }

    /// <summary>
    /// Only a call can be repeated: an outcome that a deadline or a later attempt wrote is never taken for a caller's own,
    /// even where the bytes agree.
    /// </summary>
    private static Transition Late(Outcome outcome, Closing closing)
    {
        var byCall = closing.ClosedBy is ClosedBy.Token or ClosedBy.Runner;
        if (byCall && outcome.State == closing.State && outcome.Digest == closing.Digest)
        {
            return new Transition.Repeated(closing);
        }

        return closing.State is ActivityState.Completed or ActivityState.Failed
            ? new Transition.Conflicting(closing)
            : new Transition.Gone(closing);
    }
}
