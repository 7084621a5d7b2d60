using Gateway.Activities;

namespace Gateway.Persistence.Sqlite;

/// <summary>The outbox in the embedded database.</summary>
internal sealed class SqliteOutboxStore(SqliteStorage storage) : IOutboxStore
{
    public ValueTask<IReadOnlyList<(string Lane, DateTimeOffset DueAt)>> LanesAsync(
        ResumeKind kind, string after, int limit, CancellationToken cancellationToken = default) =>
        new(storage.Readers.Read((kind, after, limit), static (reader, slice) => reader.Outbox.Lanes(slice.kind, slice.after, slice.limit)));

    public ValueTask<DateTimeOffset?> NextDueAsync(ResumeKind kind, string lane, CancellationToken cancellationToken = default) =>
        new(storage.Readers.Read((kind, lane), static (reader, at) => reader.Outbox.NextDue(at.kind, at.lane)));

    public ValueTask<LoadedOutcome?> LoadAsync(ActivityId id, CancellationToken cancellationToken = default) =>
        new(storage.Readers.Read(id, static (reader, id) => reader.Activities.FindOutcome(id)));

    public ValueTask<DateTimeOffset?> FirstAttemptAtAsync(ResumptionEntry entry, CancellationToken cancellationToken = default) =>
        new(storage.Readers.Read(entry, static (reader, entry) => reader.Outbox.FirstAttemptAt(entry)));

    public ValueTask<bool> MayHaveArrivedAsync(ResumptionEntry entry, CancellationToken cancellationToken = default) =>
        new(storage.Readers.Read(entry, static (reader, entry) => reader.Outbox.MayHaveArrived(entry)));

    public Task<IReadOnlyList<ResumptionEntry>> LeaseAsync(ResumeKind kind, string lane, int max, DateTimeOffset now, TimeSpan lease) =>
        storage.Commits.RunAsync(session => session.Outbox.Lease(kind, lane, max, now, now + lease));

    public Task<LeaseAnswer> RecordAttemptAsync(
        ResumptionEntry entry, DateTimeOffset at, TimeSpan duration, string answer, Settlement settlement, DateTimeOffset now,
        bool mayHaveArrived = false) =>
        storage.Commits.RunAsync(session =>
        {
            session.Outbox.AddAttempt(entry, at, duration, answer, mayHaveArrived);
            return session.Outbox.Settle(LeaseId.Of(entry), settlement, now);
        });

    public Task<LeaseAnswer[]> SettleAsync(
        IReadOnlyList<LeaseId?> leases, Settlement settlement, string? @namespace, DateTimeOffset now) =>
        storage.Commits.RunAsync(session =>
        {
            var prefix = @namespace is null ? "" : ResumeTarget.PullLane(@namespace, "");
            return leases
                .Select(lease => lease is { } id ? session.Outbox.Settle(id, settlement, now, prefix) : LeaseAnswer.Lost)
                .ToArray();
        });

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
