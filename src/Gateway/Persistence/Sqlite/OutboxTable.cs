using Gateway.Activities;

namespace Gateway.Persistence.Sqlite;

/// <summary>The writer's statements about outbox entries.</summary>
internal sealed class OutboxTable(SqliteDatabase database, Action<CommitNotice> notify)
{
    private readonly SqliteStatement due = database.Prepare(
        """
        SELECT sequence, activity_id, epoch, attempts FROM outbox
        WHERE kind = ?1 AND lane = ?2 AND due_at <= ?3 ORDER BY due_at LIMIT ?4
        """);

    private readonly SqliteStatement lease = database.Prepare(
        "UPDATE outbox SET status = 1, due_at = ?2, epoch = ?3, attempts = ?4 WHERE sequence = ?1");

    private readonly SqliteStatement settle = database.Prepare(
        """
        UPDATE outbox SET status = ?3, due_at = ?4, settled_at = ?5, last_answer = COALESCE(?6, last_answer)
        WHERE sequence = ?1 AND epoch = ?2 AND status = 1
        """);

    private readonly SqliteStatement find = database.Prepare(
        "SELECT kind, lane, epoch, status FROM outbox WHERE sequence = ?1");

    private readonly SqliteStatement insertAttempt = database.Prepare(
        """
        INSERT INTO attempts (sequence, number, at, duration_microseconds, answer, may_have_arrived) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
        ON CONFLICT DO NOTHING
        """);

    private readonly SqliteStatement redeliver = database.Prepare(
        """
        UPDATE outbox SET status = 0, due_at = ?2, attempts = 0, epoch = epoch + 1, settled_at = NULL
        WHERE activity_id = ?1 AND sequence = (SELECT sequence FROM outcomes WHERE activity_id = ?1) AND kind <> 0 AND status <> 1
        RETURNING kind, lane
        """);

    private readonly SqliteStatement releaseHeld = database.Prepare(
        "UPDATE outbox SET status = 0, due_at = ?1 WHERE due_at IS NOT NULL AND kind <> 0 AND status = 1");

    /// <summary>Leases due entries of a lane, oldest first, each under a new epoch.</summary>
    public IReadOnlyList<ResumptionEntry> Lease(ResumeKind kind, string lane, int max, DateTimeOffset now, DateTimeOffset until)
    {
        var entries = new List<ResumptionEntry>();
        using (due.Use())
        {
            due.Bind(1, (long)kind).Bind(2, lane).Bind(3, now).Bind(4, max);
            while (due.Step())
            {
                entries.Add(new ResumptionEntry(due.Long(0), due.Id(1), kind, lane, due.Int(2) + 1, due.Int(3) + 1, until));
            }
        }

        foreach (var entry in entries)
        {
            lease.Bind(1, entry.Sequence).Bind(2, until).Bind(3, (long)entry.Epoch).Bind(4, (long)entry.Attempt).Run();
        }

        return entries;
    }

    /// <summary>Ends a lease, if it is still the holder's; a repeat of the same settlement is answered as the first one was.</summary>
    /// <param name="lanePrefix">Pull leases are settled only by their own namespace.</param>
    public LeaseAnswer Settle(LeaseId id, Settlement settlement, DateTimeOffset now, string? lanePrefix = null)
    {
        var (status, dueAt, settledAt, answer) = settlement switch
        {
            Settlement.Delivered delivered => (EntryStatus.Delivered, (DateTimeOffset?)null, (DateTimeOffset?)now, delivered.Answer),
            Settlement.RetryAt retry => (EntryStatus.Waiting, retry.At, null, retry.Answer),
            Settlement.Dead dead => (EntryStatus.Dead, null, now, dead.Answer),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        if (Find(id.Sequence) is not { } entry || (lanePrefix is not null && !Owns(entry, lanePrefix)) || entry.Epoch != id.Epoch)
        {
            return LeaseAnswer.Lost;
        }

        settle.Bind(1, id.Sequence).Bind(2, (long)id.Epoch).Bind(3, (long)status).Bind(4, dueAt).Bind(5, settledAt).Bind(6, answer);
        if (settle.Run() == 0)
        {
            return entry.Status == status ? LeaseAnswer.Repeated : LeaseAnswer.Lost;
        }

        if (dueAt <= now)
        {
            notify(new CommitNotice(entry.Kind, entry.Lane, null));
        }

        return LeaseAnswer.Settled;
    }

    public void AddAttempt(ResumptionEntry entry, DateTimeOffset at, TimeSpan duration, string answer, bool mayHaveArrived) =>
        insertAttempt.Bind(1, entry.Sequence).Bind(2, (long)entry.Epoch).Bind(3, at)
            .Bind(4, (long)duration.TotalMicroseconds).Bind(5, answer).Bind(6, mayHaveArrived ? 1 : 0).Run();

    /// <summary>Puts a settled or waiting push entry back in line at once, with its attempts reset.</summary>
    public bool Redeliver(ActivityId id, DateTimeOffset now)
    {
        using var use = redeliver.Use();
        if (!redeliver.Bind(1, id).Bind(2, now).Step())
        {
            return false;
        }

        notify(new CommitNotice((ResumeKind)redeliver.Int(0), redeliver.Text(1), null));
        return true;
    }

    /// <summary>The process that held the push leases is gone, because one process owns the file: its entries are due again.</summary>
    public int ReleaseHeldByDeadProcess(DateTimeOffset now) => releaseHeld.Bind(1, now).Run();

    private (ResumeKind Kind, string Lane, int Epoch, EntryStatus Status)? Find(long sequence)
    {
        using var use = find.Use();
        return find.Bind(1, sequence).Step()
            ? ((ResumeKind)find.Int(0), find.Text(1), find.Int(2), (EntryStatus)find.Int(3))
            : null;
    }

    private static bool Owns((ResumeKind Kind, string Lane, int Epoch, EntryStatus Status) entry, string lanePrefix) =>
        entry.Kind is ResumeKind.Pull && entry.Lane.StartsWith(lanePrefix, StringComparison.Ordinal);
}
