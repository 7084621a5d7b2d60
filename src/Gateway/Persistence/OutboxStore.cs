using Gateway.Activities;
using Gateway.Persistence.Sqlite;
using Gateway.Resumption;

namespace Gateway.Persistence;

/// <summary>Committed resumptions that are not yet delivered, and what became of the others.</summary>
internal sealed class OutboxStore(SqliteStorage storage)
{
    /// <summary>Every lane of a kind with unsettled entries, and when the first of them is due. Grows with lanes, not with entries.</summary>
    public IReadOnlyList<(string Lane, DateTimeOffset DueAt)> Lanes(ResumeKind kind) =>
        storage.Readers.Read(kind, static (reader, kind) => reader.Outbox.Lanes(kind));

    /// <summary>When the first unsettled entry of a lane is due; null when there is none.</summary>
    public DateTimeOffset? NextDue(ResumeKind kind, string lane) =>
        storage.Readers.Read((kind, lane), static (reader, at) => reader.Outbox.NextDue(at.kind, at.lane));

    /// <summary>The closed activity an entry is about; null when it was purged.</summary>
    public (ClosedActivity Outcome, ResumeTarget Target)? Load(ActivityId id) =>
        storage.Readers.Read(id, static (reader, id) => reader.Activities.FindOutcome(id));

    /// <summary>When the first recorded attempt was made since the entry was new or redelivered; null when there is none.</summary>
    public DateTimeOffset? FirstAttemptAt(ResumptionEntry entry) =>
        storage.Readers.Read(entry, static (reader, entry) => reader.Outbox.FirstAttemptAt(entry));

    /// <summary>
    /// Whether an earlier attempt may have reached the target without the gateway learning of it: one that says so itself, or
    /// one of this round that was leased and never recorded.
    /// </summary>
    public bool MayHaveArrived(ResumptionEntry entry) =>
        storage.Readers.Read(entry, static (reader, entry) => reader.Outbox.MayHaveArrived(entry));

    /// <summary>Leases due entries of a lane, oldest first, in a short transaction.</summary>
    public Task<IReadOnlyList<ResumptionEntry>> LeaseAsync(ResumeKind kind, string lane, int max, DateTimeOffset now, TimeSpan lease) =>
        storage.Commits.RunAsync(session => session.Outbox.Lease(kind, lane, max, now, now + lease));

    /// <summary>Stores one attempt and what follows from it, unless another holder has the entry by now.</summary>
    public Task<LeaseAnswer> RecordAttemptAsync(
        ResumptionEntry entry, DateTimeOffset at, TimeSpan duration, string answer, Settlement settlement, DateTimeOffset now,
        bool mayHaveArrived = false) =>
        storage.Commits.RunAsync(session =>
        {
            session.Outbox.AddAttempt(entry, at, duration, answer, mayHaveArrived);
            return session.Outbox.Settle(LeaseId.Of(entry), settlement, now);
        });

    /// <summary>Ends pull leases of one namespace, each with its own answer, in order.</summary>
    /// <param name="namespace">Null for a holder that may settle any namespace's.</param>
    public Task<LeaseAnswer[]> SettleAsync(
        IReadOnlyList<LeaseId?> leases, Settlement settlement, string? @namespace, DateTimeOffset now) =>
        storage.Commits.RunAsync(session =>
        {
            var prefix = @namespace is null ? "" : ResumeTarget.PullLane(@namespace, "");
            return leases
                .Select(lease => lease is { } id ? session.Outbox.Settle(id, settlement, now, prefix) : LeaseAnswer.Lost)
                .ToArray();
        });

    /// <summary>Puts push entries back in line at once, with their attempts reset; how many there were.</summary>
    public Task<int> RedeliverAsync(IReadOnlyList<ActivityId> ids, DateTimeOffset now) =>
        storage.Commits.RunAsync(session =>
        {
            var count = 0;
            foreach (var id in ids)
            {
                if (session.Outbox.Redeliver(id, now))
                {
                    session.Activities.Note(id, now, "redelivered", null);
                    count++;
                }
            }

            return count;
        });
}
