using Gateway.Activities;
using Npgsql;

namespace Gateway.Persistence.Postgres;

/// <summary>Closes what fell due, on as many nodes as there are: each takes reminders that no other holds.</summary>
internal static class ExpiryCalls
{
    private const string TakeSql = $"""
        WITH due AS (
            DELETE FROM deadlines d USING (
                SELECT due_at, activity_id FROM deadlines WHERE due_at <= $1 ORDER BY due_at LIMIT $2 FOR UPDATE SKIP LOCKED) x
            WHERE d.due_at = x.due_at AND d.activity_id = x.activity_id RETURNING d.activity_id)
        SELECT {ActivityColumns.List} FROM due LEFT JOIN activities a ON a.id = due.activity_id {ActivityColumns.Joins}
        """;

    private const string RemindSql = "INSERT INTO deadlines (due_at, activity_id) SELECT * FROM unnest($1, $2) ON CONFLICT DO NOTHING";

    /// <returns>How many reminders were looked at, and what their activities' ends made leasable.</returns>
    public static async Task<(int Count, IReadOnlyList<CommitNotice> Notices)> ExpireDueAsync(
        NpgsqlConnection connection, DateTimeOffset now, int limit)
    {
        await using var transaction = await connection.BeginTransactionAsync();
        var due = await PostgresCalls.ReadAsync(
            connection, TakeSql, static row => row.IsDBNull(0) ? null : ActivityColumns.Read(row), Parameter.Of(now), Parameter.Of((long)limit));
        var pending = due.OfType<WorkflowActivity>().Where(activity => activity.Closing is null).ToList();
        var endings = pending.Select(activity => activity.Expire(now) is { } transition ? Ending.Of(activity, transition) : null)
            .OfType<Ending>().OrderBy(ending => ending.Id).ToList();
        var closed = await CloseAsync(connection, endings);

        // Not due yet, or a heartbeat came between the look and the end: another moment to look at it.
        var ended = endings.Select(ending => ending.Id).ToHashSet();
        var again = pending.Where(activity => !ended.Contains(activity.Id)).Select(activity => (At: activity.NextDue, activity.Id))
            .Concat(ended.Where(id => !closed.Contains(id)).Select(id => (At: now, Id: id))).ToList();
        await RemindAsync(connection, again);
        await transaction.CommitAsync();
        return (due.Count, [.. endings.Where(ending => closed.Contains(ending.Id)).Select(ending => ending.Notice)]);
    }

    private static async Task<HashSet<ActivityId>> CloseAsync(NpgsqlConnection connection, List<Ending> endings)
    {
        if (endings.Count == 0)
        {
            return [];
        }

        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(CloseStatement.Command(endings));
        await using var reader = await batch.ExecuteReaderAsync();
        return await CloseStatement.ReadAsync(reader);
    }

    private static async Task RemindAsync(NpgsqlConnection connection, List<(DateTimeOffset At, ActivityId Id)> reminders)
    {
        if (reminders.Count > 0)
        {
            await using var batch = new NpgsqlBatch(connection);
            batch.BatchCommands.Add(new Arrays<(DateTimeOffset At, ActivityId Id)>(reminders)
                .Times(reminder => reminder.At).Ids(reminder => reminder.Id).Into(RemindSql));
            await batch.ExecuteNonQueryAsync();
        }
    }
}
