using Gateway.Activities;
using Npgsql;

namespace Gateway.Persistence.Postgres;

/// <summary>Removes what is over, one step at a time over all nodes: two at once would find the same rows.</summary>
internal static class RetentionCalls
{
    private const long LockKey = 0x63626774_70757267;

    private const string LookSql = """
        SELECT b.sequence, b.activity_id, o.closed_at, b.status, a.labels, a.deadline FROM outbox b
        JOIN outcomes o ON o.activity_id = b.activity_id JOIN activities a ON a.id = b.activity_id
        WHERE b.sequence > $1 ORDER BY b.sequence LIMIT $2
        """;

    private static readonly string[] BySequence =
    [
        "DELETE FROM attempts WHERE sequence = ANY ($1)",
        "DELETE FROM outbox WHERE sequence = ANY ($1)",
    ];

    private static readonly string[] ByActivity =
    [
        "DELETE FROM outcomes WHERE activity_id = ANY ($1)",
        "DELETE FROM heartbeats WHERE activity_id = ANY ($1)",
        "DELETE FROM history WHERE activity_id = ANY ($1)",
        "DELETE FROM activities WHERE id = ANY ($1)",
    ];

    /// <summary>The reminders of overall deadlines, which may be a year away; those of heartbeats are gone by now.</summary>
    private const string DeadlineSql =
        "DELETE FROM deadlines d USING unnest($1, $2) AS u (due_at, activity_id) WHERE d.due_at = u.due_at AND d.activity_id = u.activity_id";

    private const string LabelSql =
        "DELETE FROM labels l USING unnest($1, $2) AS u (hash, activity_id) WHERE l.hash = u.hash AND l.activity_id = u.activity_id";

    public static async Task<Purged> PurgeAsync(NpgsqlConnection connection, DateTimeOffset cutoff, long after, int limit)
    {
        await using var transaction = await connection.BeginTransactionAsync();
        await PostgresCalls.ReadAsync(connection, $"SELECT pg_advisory_xact_lock({LockKey})", static _ => true);
        var seen = await PostgresCalls.ReadAsync(connection, LookSql, Outcome.Read, Parameter.Of(after), Parameter.Of((long)limit));
        var old = seen.TakeWhile(outcome => outcome.ClosedAt < cutoff).ToList();
        var over = old.Where(outcome => outcome.Status is EntryStatus.Delivered).ToList();
        if (over.Count > 0)
        {
            await RemoveAsync(connection, over);
        }

        await transaction.CommitAsync();
        return new Purged(over.Count, old.Count == limit ? old[^1].Sequence : null);
    }

    private static async Task RemoveAsync(NpgsqlConnection connection, List<Outcome> over)
    {
        await using var batch = new NpgsqlBatch(connection);
        var labels = over.SelectMany(outcome => StoredLabels.Of(outcome.Labels)
            .Select(label => (Hash: LabelHash.Of(label.Key, label.Value), outcome.Id))).ToList();
        if (labels.Count > 0)
        {
            batch.BatchCommands.Add(new Arrays<(long Hash, ActivityId Id)>(labels)
                .Longs(label => label.Hash).Ids(label => label.Id).Into(LabelSql));
        }

        batch.BatchCommands.Add(new Arrays<Outcome>(over).Times(outcome => outcome.Deadline).Ids(outcome => outcome.Id).Into(DeadlineSql));
        foreach (var sql in BySequence)
        {
            batch.BatchCommands.Add(new Arrays<Outcome>(over).Longs(outcome => outcome.Sequence).Into(sql));
        }

        foreach (var sql in ByActivity)
        {
            batch.BatchCommands.Add(new Arrays<Outcome>(over).Ids(outcome => outcome.Id).Into(sql));
        }

        await batch.ExecuteNonQueryAsync();
    }

    private sealed record Outcome(long Sequence, ActivityId Id, DateTimeOffset ClosedAt, EntryStatus Status, string? Labels, DateTimeOffset Deadline)
    {
        public static Outcome Read(NpgsqlDataReader row) =>
            new(row.GetInt64(0), row.Id(1), row.Time(2), (EntryStatus)row.GetInt32(3), row.TextOrNull(4), row.Time(5));
    }
}
