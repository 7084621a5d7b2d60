using Gateway.Activities;

namespace Gateway.Persistence.Postgres;

/// <summary>Activities in PostgreSQL, shared by any number of nodes.</summary>
internal sealed class PostgresActivityStore(PostgresStorage storage) : IActivityStore
{
    private const string NewestSql = $"""
        SELECT {ActivityColumns.List} FROM activities a {ActivityColumns.Joins}
        WHERE a.workflow_hash = $1 AND a.step_hash = $2 AND a.workflow_id = $3 AND a.activity_id = $4 AND a.namespace = $5
            AND ($6::text IS NULL OR a.run_id = $6)
        ORDER BY a.attempt DESC, a.id DESC LIMIT 1
        """;

    private const string RequestCancelSql = """
        WITH asked AS (
            UPDATE activities SET cancel_requested_at = $2, cancel_reason = $3
            WHERE id = $1 AND cancel_requested_at IS NULL AND NOT EXISTS (SELECT 1 FROM outcomes WHERE activity_id = $1)
            RETURNING id
        ), noted AS (
            INSERT INTO history (activity_id, at, event, note) SELECT id, $2, 'cancel-requested', $3 FROM asked ON CONFLICT DO NOTHING)
        SELECT id FROM asked
        """;

    private const string RotateSql = """
        WITH rotated AS (
            UPDATE activities SET generation = generation + 1
            WHERE id = $1 AND generation = $2 AND NOT EXISTS (SELECT 1 FROM outcomes WHERE activity_id = $1)
            RETURNING id
        ), noted AS (
            INSERT INTO history (activity_id, at, event) SELECT id, $3, 'token-rotated' FROM rotated ON CONFLICT DO NOTHING)
        SELECT id FROM rotated
        """;

    private const string NoteSql =
        "INSERT INTO history (activity_id, at, event, note) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING RETURNING at";

    public ValueTask<WorkflowActivity?> FindAsync(ActivityId id, CancellationToken cancellationToken = default) =>
        storage.Reads.Activities.ReadAsync(id);

    public ValueTask<WorkflowActivity?> FindToCloseAsync(ActivityId id) => storage.Recent.Find(id) is { } guess ? new(guess) : FindAsync(id);

    public async ValueTask<WorkflowActivity?> FindNewestAsync(
        string @namespace, string workflowId, string? runId, string activityId, CancellationToken cancellationToken = default) =>
        await storage.Calls.FirstAsync(
            NewestSql,
            ActivityColumns.Read,
            Parameter.Of(StepHash.OfWorkflow(workflowId)),
            Parameter.Of(StepHash.OfStep(@namespace, workflowId, activityId)),
            Parameter.Of(workflowId),
            Parameter.Of(activityId),
            Parameter.Of(@namespace),
            Parameter.Of(runId));

    public async ValueTask<byte[]?> SchemaTextAsync(long id, CancellationToken cancellationToken = default) =>
        await storage.Calls.FirstAsync("SELECT text FROM schemas WHERE id = $1", static row => row.GetFieldValue<byte[]>(0), Parameter.Of(id));

    public async ValueTask<ReadOnlyMemory<byte>?> ProgressAsync(ActivityId id, CancellationToken cancellationToken = default) =>
        await storage.Calls.FirstAsync(
            "SELECT details FROM heartbeats WHERE activity_id = $1 AND details IS NOT NULL",
            static row => (ReadOnlyMemory<byte>?)row.GetFieldValue<byte[]>(0),
            Parameter.Of(id));

    public async ValueTask<DateTimeOffset?> NextDeadlineAsync(CancellationToken cancellationToken = default) =>
        await storage.Calls.FirstAsync(
            "SELECT due_at FROM deadlines ORDER BY due_at LIMIT 1", static row => (DateTimeOffset?)row.Time(0));

    public async Task<Registered> RegisterAsync(NewActivity registration, DateTimeOffset now) =>
        (await RegisterAsync([registration], now))[0];

    public Task<Registered[]> RegisterAsync(IReadOnlyList<NewActivity> registrations, DateTimeOffset now) =>
        registrations.Count == 0 ? Task.FromResult<Registered[]>([]) : storage.CommitAsync(new RegisterChange(registrations, now));

    /// <summary>Whoever is refused reads next, and must not meet the same guess again.</summary>
    public Task<Guarded> CloseAsync(WorkflowActivity activity, Transition.Applied transition)
    {
        storage.Recent.Drop(activity.Id);
        return storage.CommitAsync(new CloseChange(Ending.Of(activity, transition)));
    }

    public async Task ExpireAsync(ActivityId id, DateTimeOffset now)
    {
        if (await FindAsync(id) is { } activity && activity.Expire(now) is { } transition)
        {
            await CloseAsync(activity, transition);
        }
    }

    public async Task<int> ExpireDueAsync(DateTimeOffset now, int limit)
    {
        var (count, notices) = await storage.Calls.RunAsync(connection => ExpiryCalls.ExpireDueAsync(connection, now, limit));
        foreach (var notice in notices)
        {
            storage.Notify(notice);
        }

        return count;
    }

    public Task<Guarded> HeartbeatAsync(ActivityId id, HeartbeatTransition.Applied beat, ReadOnlyMemory<byte>? details)
    {
        storage.Recent.Drop(id);
        return storage.CommitAsync(new HeartbeatChange(id, beat, details?.ToArray()));
    }

    public Task<Guarded> RequestCancelAsync(ActivityId id, string? reason, DateTimeOffset now)
    {
        storage.Recent.Drop(id);
        return GuardedAsync(RequestCancelSql, Parameter.Of(id), Parameter.Of(now), Parameter.Of(reason));
    }

    public Task<Guarded> RotateAsync(ActivityId id, int generation, DateTimeOffset now)
    {
        storage.Recent.Drop(id);
        return GuardedAsync(RotateSql, Parameter.Of(id), Parameter.Of(generation), Parameter.Of(now));
    }

    public Task NoteAsync(ActivityId id, DateTimeOffset now, string @event, string? note) =>
        storage.Calls.ListAsync(
            NoteSql, static row => row.GetInt64(0), Parameter.Of(id), Parameter.Of(now), Parameter.Of(@event), Parameter.Of(note));

    public Task<Purged> PurgeAsync(DateTimeOffset cutoff, long after, int limit) =>
        storage.Calls.RunAsync(connection => RetentionCalls.PurgeAsync(connection, cutoff, after, limit));

    /// <summary>A mark in the log, durable like every commit: a standby that only reads refuses it.</summary>
    public Task ProbeAsync() => storage.Calls.ListAsync(BatchRun.BarrierSql, static _ => true);

    private async Task<Guarded> GuardedAsync(string sql, params Npgsql.NpgsqlParameter[] parameters) =>
        (await storage.Calls.ListAsync(sql, static _ => true, parameters)).Count > 0 ? Guarded.Done : Guarded.NotPending;
}
