using Gateway.Activities;

namespace Gateway.Persistence.Sqlite;

/// <summary>The writer's statements about reminders: the moments at which somebody has to ask an activity whether it is overdue.</summary>
internal sealed class DeadlineTable(SqliteDatabase database)
{
    private readonly SqliteStatement insert = database.Prepare(
        "INSERT INTO deadlines (due_at, activity_id) VALUES (?1, ?2) ON CONFLICT DO NOTHING");

    private readonly SqliteStatement delete = database.Prepare(
        "DELETE FROM deadlines WHERE due_at = ?1 AND activity_id = ?2");

    private readonly SqliteStatement due = database.Prepare(
        "SELECT due_at, activity_id FROM deadlines WHERE due_at <= ?1 ORDER BY due_at LIMIT ?2");

    public void Add(DateTimeOffset dueAt, ActivityId id) => insert.Bind(1, dueAt).Bind(2, id).Run();

    public void Remove(DateTimeOffset dueAt, ActivityId id) => delete.Bind(1, dueAt).Bind(2, id).Run();

    /// <summary>What fell due, nearest first.</summary>
    public List<(DateTimeOffset DueAt, ActivityId Id)> Due(DateTimeOffset now, int limit)
    {
        var reminders = new List<(DateTimeOffset, ActivityId)>();
        using var use = due.Use();
        due.Bind(1, now).Bind(2, limit);
        while (due.Step())
        {
            reminders.Add((due.Time(0), due.Id(1)));
        }

        return reminders;
    }
}
