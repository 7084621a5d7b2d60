namespace Gateway.Persistence;

/// <summary>A registration. Only generation and the cancel request ever change. Clustered by id.</summary>
internal sealed class ActivityRow
{
    public required byte[] Id { get; init; }
    public required string Namespace { get; init; }
    public required string WorkflowId { get; init; }
    public required string RunId { get; init; }
    public required string ActivityId { get; init; }
    public required int Attempt { get; init; }
    public string? ActivityType { get; init; }
    public string? Description { get; init; }
    public long? SchemaId { get; init; }
    public bool AssertFormat { get; init; }
    public long CreatedAt { get; init; }
    public long Deadline { get; init; }

    /// <summary>Whole seconds.</summary>
    public int? HeartbeatTimeout { get; init; }

    public byte[]? OnTimeout { get; init; }
    public int ResumeKind { get; init; }
    public required string ResumeAddress { get; init; }
    public string? ResumeOptions { get; init; }

    /// <summary>A JSON object of strings, null when there is none.</summary>
    public string? Labels { get; init; }

    /// <summary>What tells a repeated registration from a different one under the same identity.</summary>
    public required byte[] Fingerprint { get; init; }

    public int Generation { get; set; }
    public long? CancelRequestedAt { get; set; }
    public string? CancelReason { get; set; }
}

/// <summary>A return schema's text, stored once by content.</summary>
internal sealed class SchemaRow
{
    public long Id { get; init; }
    public required byte[] Hash { get; init; }
    public required byte[] Text { get; init; }
}

/// <summary>
/// How an activity ended: appended, never changed. That its activity id is unique is what makes exactly one outcome win.
/// </summary>
internal sealed class OutcomeRow
{
    public long Sequence { get; init; }
    public required byte[] ActivityId { get; init; }
    public int State { get; init; }
    public long ClosedAt { get; init; }
    public int ClosedBy { get; init; }
    public required byte[] Digest { get; init; }
    public string? Reason { get; init; }
    public int? TimeoutKind { get; init; }
    public long? LastHeartbeat { get; init; }
    public required byte[] Body { get; init; }
}

/// <summary>The duty to deliver an outcome: one per outcome, under its sequence, small because it changes with every attempt.</summary>
internal sealed class OutboxRow
{
    public long Sequence { get; init; }
    public required byte[] ActivityId { get; init; }
    public int Kind { get; init; }
    public required string Lane { get; init; }
    public int Status { get; set; }

    /// <summary>When it may be leased (again); null once settled.</summary>
    public long? DueAt { get; set; }

    public int Epoch { get; set; }
    public int Attempts { get; set; }
    public long? SettledAt { get; set; }
    public string? LastAnswer { get; set; }
}

/// <summary>One attempt at a push delivery.</summary>
internal sealed class AttemptRow
{
    public long Sequence { get; init; }
    public int Number { get; init; }
    public long At { get; init; }
    public long DurationMicroseconds { get; init; }
    public required string Answer { get; init; }

    /// <summary>The target may have taken the outcome although it did not say so.</summary>
    public bool MayHaveArrived { get; init; }
}

/// <summary>The last sign of life of an activity; there from registration on where a heartbeat timeout is set.</summary>
internal sealed class HeartbeatRow
{
    public required byte[] ActivityId { get; init; }
    public long? At { get; set; }
    public long? Deadline { get; set; }
    public byte[]? Details { get; set; }
}

/// <summary>
/// A moment at which an activity may fall due: a reminder, not the truth. A completion does not touch it and a heartbeat
/// does not move it; whoever finds it due asks the activity.
/// </summary>
internal sealed class DeadlineRow
{
    public long DueAt { get; init; }
    public required byte[] ActivityId { get; init; }
}

/// <summary>Finds activities by label: a hash of <c>key:value</c>, checked against the activity's own labels.</summary>
internal sealed class LabelRow
{
    public long Hash { get; init; }
    public required byte[] ActivityId { get; init; }
}

/// <summary>What operators and runners did to an activity beside its normal course.</summary>
internal sealed class HistoryRow
{
    public required byte[] ActivityId { get; init; }
    public long At { get; init; }
    public required string Event { get; init; }
    public string? Note { get; init; }
}
