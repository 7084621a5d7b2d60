using Gateway.Activities;

namespace Gateway.Persistence;

/// <summary>Committed resumptions that are not yet delivered, and what became of the others.</summary>
internal interface IOutboxStore
{
    /// <summary>
    /// The lanes of a kind with unsettled entries, in the order of their names, and when the first entry of each is due. Grows
    /// with lanes, not with entries.
    /// </summary>
    /// <param name="after">Begins behind this name; empty: with the first.</param>
    /// <param name="limit">Fewer lanes than this are the last there are.</param>
    ValueTask<IReadOnlyList<(string Lane, DateTimeOffset DueAt)>> LanesAsync(
        ResumeKind kind, string after, int limit, CancellationToken cancellationToken = default);

    /// <summary>When the first unsettled entry of a lane is due; null when there is none.</summary>
    ValueTask<DateTimeOffset?> NextDueAsync(ResumeKind kind, string lane, CancellationToken cancellationToken = default);

    /// <summary>The closed activity with its body; null while it is pending or when it was purged.</summary>
    ValueTask<LoadedOutcome?> LoadAsync(ActivityId id, CancellationToken cancellationToken = default);

    /// <summary>When the first recorded attempt was made since the entry was new or redelivered; null when there is none.</summary>
    ValueTask<DateTimeOffset?> FirstAttemptAtAsync(ResumptionEntry entry, CancellationToken cancellationToken = default);

    /// <summary>
    /// Whether an earlier attempt may have reached the target without the gateway learning of it: one that says so itself, or
    /// one of this round that was leased and never recorded.
    /// </summary>
    ValueTask<bool> MayHaveArrivedAsync(ResumptionEntry entry, CancellationToken cancellationToken = default);

    /// <summary>Leases due entries of a lane, oldest first, in a short transaction.</summary>
    Task<IReadOnlyList<ResumptionEntry>> LeaseAsync(ResumeKind kind, string lane, int max, DateTimeOffset now, TimeSpan lease);

    /// <summary>Stores one attempt and what follows from it, unless another holder has the entry by now.</summary>
    Task<LeaseAnswer> RecordAttemptAsync(
        ResumptionEntry entry, DateTimeOffset at, TimeSpan duration, string answer, Settlement settlement, DateTimeOffset now,
        bool mayHaveArrived = false);

    /// <summary>Ends pull leases of one namespace, each with its own answer, in order.</summary>
    /// <param name="namespace">Null for a holder that may settle any namespace's.</param>
    Task<LeaseAnswer[]> SettleAsync(IReadOnlyList<LeaseId?> leases, Settlement settlement, string? @namespace, DateTimeOffset now);

    /// <summary>Puts push entries back in line at once, with their attempts reset; how many there were.</summary>
    Task<int> RedeliverAsync(IReadOnlyList<ActivityId> ids, DateTimeOffset now);
}

/// <summary>A closed activity and whom it resumes.</summary>
internal sealed record LoadedOutcome(ClosedActivity Outcome, ResumeTarget Target);
