using Gateway.Activities;

namespace Gateway.Persistence.Sqlite;

/// <summary>The writer's statements that remove what is over.</summary>
internal sealed class RetentionTables(SqliteDatabase database, DeadlineTable deadlines)
{
    private readonly SqliteStatement oldest = database.Prepare(
        """
        SELECT o.sequence, o.activity_id, o.closed_at, b.status, a.labels, a.deadline FROM outcomes o
        JOIN outbox b ON b.sequence = o.sequence JOIN activities a ON a.id = o.activity_id
        WHERE o.sequence > ?1 ORDER BY o.sequence LIMIT ?2
        """);

    private readonly SqliteStatement[] bySequence =
    [
        database.Prepare("DELETE FROM attempts WHERE sequence = ?1"),
        database.Prepare("DELETE FROM outbox WHERE sequence = ?1"),
        database.Prepare("DELETE FROM outcomes WHERE sequence = ?1"),
    ];

    private readonly SqliteStatement[] byActivity =
    [
        database.Prepare("DELETE FROM heartbeats WHERE activity_id = ?1"),
        database.Prepare("DELETE FROM history WHERE activity_id = ?1"),
        database.Prepare("DELETE FROM activities WHERE id = ?1"),
    ];

    private readonly SqliteStatement deleteLabel = database.Prepare("DELETE FROM labels WHERE hash = ?1 AND activity_id = ?2");

    /// <summary>Removes what was delivered and closed before the cutoff, looking at <paramref name="limit"/> outcomes from a sequence on.</summary>
    public Purged Purge(DateTimeOffset cutoff, long after, int limit)
    {
        var (candidates, last, more) = Look(cutoff, after, limit);
        foreach (var (sequence, id, labels, deadline) in candidates)
        {
            // The reminder of the overall deadline may be a year away; one of a heartbeat is gone by now.
            deadlines.Remove(deadline, id);
            foreach (var (key, value) in StoredLabels.Of(labels))
            {
                deleteLabel.Bind(1, LabelHash.Of(key, value)).Bind(2, id).Run();
            }

            foreach (var statement in bySequence)
            {
                statement.Bind(1, sequence).Run();
            }

            foreach (var statement in byActivity)
            {
                statement.Bind(1, id).Run();
            }
        }

        return new Purged(candidates.Count, more ? last : null);
    }

    private (List<(long Sequence, ActivityId Id, string? Labels, DateTimeOffset Deadline)> Candidates, long Last, bool More) Look(
        DateTimeOffset cutoff, long after, int limit)
    {
        var candidates = new List<(long, ActivityId, string?, DateTimeOffset)>();
        var (seen, last) = (0, after);
        using var use = oldest.Use();
        oldest.Bind(1, after).Bind(2, limit);
        while (oldest.Step())
        {
            if (oldest.Time(2) >= cutoff)
            {
                return (candidates, last, false);
            }

            (seen, last) = (seen + 1, oldest.Long(0));
            if ((EntryStatus)oldest.Int(3) is EntryStatus.Delivered)
            {
                candidates.Add((last, oldest.Id(1), oldest.TextOrNull(4), oldest.Time(5)));
            }
        }

        return (candidates, last, seen == limit);
    }
}
