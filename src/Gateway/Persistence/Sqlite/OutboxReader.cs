using Gateway.Activities;

namespace Gateway.Persistence.Sqlite;

/// <summary>Reads the outbox through its index of unsettled entries.</summary>
internal sealed class OutboxReader(SqliteDatabase database)
{
    // Steps from lane to lane through the index instead of reading every entry of each.
    private readonly SqliteStatement dueLanes = database.Prepare(
        """
        WITH RECURSIVE lanes (number, lane) AS (
            SELECT 1, (SELECT min(lane) FROM outbox WHERE kind = ?1 AND due_at IS NOT NULL AND lane > ?2)
            UNION ALL
            SELECT number + 1, (SELECT min(lane) FROM outbox WHERE kind = ?1 AND due_at IS NOT NULL AND lane > lanes.lane)
            FROM lanes WHERE lanes.lane IS NOT NULL AND number < ?3)
        SELECT lane, (SELECT min(due_at) FROM outbox o WHERE o.kind = ?1 AND o.lane = lanes.lane AND o.due_at IS NOT NULL)
        FROM lanes WHERE lane IS NOT NULL
        """);

    private readonly SqliteStatement nextDue = database.Prepare(
        "SELECT min(due_at) FROM outbox WHERE kind = ?1 AND lane = ?2 AND due_at IS NOT NULL");

    private readonly SqliteStatement firstAttempt = database.Prepare(
        "SELECT min(at) FROM attempts WHERE sequence = ?1 AND number >= ?2");

    private readonly SqliteStatement arrived = database.Prepare(
        "SELECT count(*) FILTER (WHERE number >= ?2), max(may_have_arrived) FROM attempts WHERE sequence = ?1");

    /// <summary>Lanes of a kind with unsettled entries in the order of their names, and when the first of them is due.</summary>
    public IReadOnlyList<(string Lane, DateTimeOffset DueAt)> Lanes(ResumeKind kind, string after, int limit)
    {
        var lanes = new List<(string, DateTimeOffset)>();
        using var use = dueLanes.Use();
        dueLanes.Bind(1, (long)kind).Bind(2, after).Bind(3, (long)limit);
        while (dueLanes.Step())
        {
            lanes.Add((dueLanes.Text(0), dueLanes.Time(1)));
        }

        return lanes;
    }

    /// <summary>When the first unsettled entry of a lane is due; null when there is none.</summary>
    public DateTimeOffset? NextDue(ResumeKind kind, string lane)
    {
        using var use = nextDue.Use();
        return nextDue.Bind(1, (long)kind).Bind(2, lane).Step() ? nextDue.TimeOrNull(0) : null;
    }

    /// <summary>
    /// When the first recorded attempt was made since the entry was new or redelivered. Attempts are stored under their
    /// lease's epoch, and epoch and attempt grow together, so the round began at the difference.
    /// </summary>
    public DateTimeOffset? FirstAttemptAt(ResumptionEntry entry)
    {
        using var use = firstAttempt.Use();
        var firstEpoch = entry.Epoch - entry.Attempt + 1;
        return firstAttempt.Bind(1, entry.Sequence).Bind(2, (long)firstEpoch).Step() ? firstAttempt.TimeOrNull(0) : null;
    }

    /// <summary>
    /// Whether an earlier attempt may have reached the target: recorded as such, or leased in this round and never recorded
    /// because the gateway stopped meanwhile.
    /// </summary>
    public bool MayHaveArrived(ResumptionEntry entry)
    {
        using var use = arrived.Use();
        var firstEpoch = entry.Epoch - entry.Attempt + 1;
        return arrived.Bind(1, entry.Sequence).Bind(2, (long)firstEpoch).Step()
            && (arrived.Long(0) < entry.Attempt - 1 || (!arrived.IsNull(1) && arrived.Int(1) == 1));
    }
}
