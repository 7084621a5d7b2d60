namespace Gateway.Activities;

/// <summary>What closed an activity, and when: everything a later caller may be told about it (never the recorded value).</summary>
/// <param name="TimeoutKind">Which clock ran out, where one did; also where an <c>onTimeout</c> result closed the activity as completed.</param>
internal sealed record Closing(
    ActivityState State,
    DateTimeOffset ClosedAt,
    ClosedBy ClosedBy,
    OutcomeDigest Digest,
    string? Reason = null,
    TimeoutKind? TimeoutKind = null,
    DateTimeOffset? LastHeartbeat = null);
