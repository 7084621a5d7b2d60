using Gateway.Activities;

namespace Gateway.Persistence.Postgres;

/// <summary>The outbox in PostgreSQL: every node leases from it, and an entry has one holder at a time.</summary>
internal sealed class PostgresOutboxStore(PostgresStorage storage) : IOutboxStore
{
    // Steps from lane to lane through the index instead of reading every entry of each.
    private const string LanesSql = """
        WITH RECURSIVE lanes (number, lane) AS (
            SELECT 1, (SELECT min(o.lane) FROM outbox o WHERE o.kind = $1 AND o.due_at IS NOT NULL AND o.lane > $2)
            UNION ALL
            SELECT number + 1, (SELECT min(o.lane) FROM outbox o WHERE o.kind = $1 AND o.due_at IS NOT NULL AND o.lane > lanes.lane)
            FROM lanes WHERE lanes.lane IS NOT NULL AND number < $3)
        SELECT lane, (SELECT min(o.due_at) FROM outbox o WHERE o.kind = $1 AND o.lane = lanes.lane AND o.due_at IS NOT NULL)
        FROM lanes WHERE lane IS NOT NULL
        """;

    private const string FirstAttemptSql = "SELECT min(at) FROM attempts WHERE sequence = $1 AND number >= $2";

    private const string ArrivedSql =
        "SELECT count(*) FILTER (WHERE number >= $2), coalesce(bool_or(may_have_arrived), false) FROM attempts WHERE sequence = $1";

    private const string RedeliverSql = """
        WITH back AS (
            UPDATE outbox o SET status = 0, due_at = $2, attempts = 0, epoch = o.epoch + 1, settled_at = NULL
            FROM (SELECT sequence FROM outcomes WHERE activity_id = ANY ($1)) x
            WHERE o.sequence = x.sequence AND o.kind <> 0 AND o.status <> 1
            RETURNING o.activity_id, o.kind, o.lane
        ), noted AS (
            INSERT INTO history (activity_id, at, event) SELECT activity_id, $2, 'redelivered' FROM back ON CONFLICT DO NOTHING)
        SELECT kind, lane FROM back
        """;

    public async ValueTask<IReadOnlyList<(string Lane, DateTimeOffset DueAt)>> LanesAsync(
        ResumeKind kind, string after, int limit, CancellationToken cancellationToken = default) =>
        await storage.Calls.ListAsync(
            LanesSql, static row => (row.GetString(0), row.Time(1)), Parameter.Of((int)kind), Parameter.Of(after), Parameter.Of(limit));

    public async ValueTask<DateTimeOffset?> NextDueAsync(ResumeKind kind, string lane, CancellationToken cancellationToken = default) =>
        await storage.Reads.NextDue.ReadAsync(((int)kind, lane));

    public ValueTask<LoadedOutcome?> LoadAsync(ActivityId id, CancellationToken cancellationToken = default) =>
        storage.Reads.Outcomes.ReadAsync(id);

    public async ValueTask<DateTimeOffset?> FirstAttemptAtAsync(ResumptionEntry entry, CancellationToken cancellationToken = default) =>
        await storage.Calls.FirstAsync(
            FirstAttemptSql, static row => row.TimeOrNull(0), Parameter.Of(entry.Sequence), Parameter.Of(FirstEpoch(entry)));

    /// <summary>The first lease of an entry has nothing before it, and needs no look.</summary>
    public async ValueTask<bool> MayHaveArrivedAsync(ResumptionEntry entry, CancellationToken cancellationToken = default) =>
        entry.Epoch > 1 && await storage.Calls.FirstAsync(
            ArrivedSql,
            row => row.GetInt64(0) < entry.Attempt - 1 || row.GetBoolean(1),
            Parameter.Of(entry.Sequence),
            Parameter.Of(FirstEpoch(entry)));

    public Task<IReadOnlyList<ResumptionEntry>> LeaseAsync(ResumeKind kind, string lane, int max, DateTimeOffset now, TimeSpan lease) =>
        storage.CommitAsync(new LeaseChange(kind, lane, max, now, now + lease));

    public async Task<LeaseAnswer> RecordAttemptAsync(
        ResumptionEntry entry, DateTimeOffset at, TimeSpan duration, string answer, Settlement settlement, DateTimeOffset now,
        bool mayHaveArrived = false)
    {
        var attempt = new AttemptRow
        {
            Sequence = entry.Sequence,
            Number = entry.Epoch,
            At = at.ToMicroseconds(),
            DurationMicroseconds = (long)duration.TotalMicroseconds,
            Answer = answer,
            MayHaveArrived = mayHaveArrived,
        };
        return (await storage.CommitAsync(new SettleChange([LeaseId.Of(entry)], settlement, now, null, attempt)))[0];
    }

    public Task<LeaseAnswer[]> SettleAsync(
        IReadOnlyList<LeaseId?> leases, Settlement settlement, string? @namespace, DateTimeOffset now) =>
        storage.CommitAsync(new SettleChange(leases, settlement, now, @namespace is null ? "" : ResumeTarget.PullLane(@namespace, "")));

    public async Task<int> RedeliverAsync(IReadOnlyList<ActivityId> ids, DateTimeOffset now)
    {
        var back = await storage.Calls.ListAsync(
            RedeliverSql, static row => new CommitNotice((ResumeKind)row.GetInt32(0), row.GetString(1), null), Parameter.Ids(ids), Parameter.Of(now));
        back.ForEach(storage.Notify);
        return back.Count;
    }

    /// <summary>Attempts are stored under their lease's epoch, and epoch and attempt grow together: the round began at the difference.</summary>
    private static int FirstEpoch(ResumptionEntry entry) => entry.Epoch - entry.Attempt + 1;
}
