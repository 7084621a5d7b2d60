using Gateway.Activities;

namespace Gateway.Persistence.Sqlite;

/// <summary>Reads activities, on a reader's connection or inside the writer's transaction.</summary>
internal sealed class ActivityReader(SqliteDatabase database)
{
    private const string Columns = """
        a.id, a.namespace, a.workflow_id, a.run_id, a.activity_id, a.attempt, a.activity_type, a.description, a.schema_id,
        a.assert_format, a.created_at, a.deadline, a.heartbeat_timeout, a.on_timeout, a.resume_kind, a.resume_address,
        a.resume_options, a.labels, a.generation, a.cancel_requested_at, a.cancel_reason, h.at, h.deadline,
        o.state, o.closed_at, o.closed_by, o.digest, o.reason, o.timeout_kind, o.last_heartbeat
        """;

    private const int ClosingColumn = 23;
    private const int BodyColumn = 30;

    private const string Joins =
        "FROM activities a LEFT JOIN outcomes o ON o.activity_id = a.id LEFT JOIN heartbeats h ON h.activity_id = a.id";

    private readonly SqliteStatement byId = database.Prepare($"SELECT {Columns} {Joins} WHERE a.id = ?1");
    private readonly SqliteStatement withBody = database.Prepare($"SELECT {Columns}, o.body {Joins} WHERE a.id = ?1");
    private readonly SqliteStatement newest = database.Prepare(
        $"""
        SELECT {Columns} {Joins}
        WHERE a.workflow_id = ?1 AND a.activity_id = ?2 AND a.namespace = ?3 AND (?4 IS NULL OR a.run_id = ?4)
        ORDER BY a.attempt DESC, a.id DESC LIMIT 1
        """);

    private readonly SqliteStatement schema = database.Prepare("SELECT text FROM schemas WHERE id = ?1");
    private readonly SqliteStatement progress = database.Prepare("SELECT details FROM heartbeats WHERE activity_id = ?1");
    private readonly SqliteStatement nextDeadline = database.Prepare("SELECT due_at FROM deadlines ORDER BY due_at LIMIT 1");

    public WorkflowActivity? Find(ActivityId id)
    {
        using var use = byId.Use();
        return byId.Bind(1, id).Step() ? Map(byId) : null;
    }

    /// <summary>The newest attempt of a step, of the given run or of any.</summary>
    public WorkflowActivity? FindNewest(string @namespace, string workflowId, string? runId, string activityId)
    {
        using var use = newest.Use();
        return newest.Bind(1, workflowId).Bind(2, activityId).Bind(3, @namespace).Bind(4, runId).Step() ? Map(newest) : null;
    }

    /// <summary>The closed activity with its body; null while it is pending or when it is unknown.</summary>
    public LoadedOutcome? FindOutcome(ActivityId id)
    {
        using var use = withBody.Use();
        if (!withBody.Bind(1, id).Step() || Map(withBody) is not { Closing: { } closing } activity)
        {
            return null;
        }

        var outcome = new ClosedActivity(
            activity.Id, activity.Reference, activity.ActivityType, activity.Labels, closing, withBody.BytesOrNull(BodyColumn) ?? default);
        return new LoadedOutcome(outcome, activity.Resume);
    }

    public byte[]? SchemaText(long id)
    {
        using var use = schema.Use();
        return schema.Bind(1, id).Step() ? schema.Span(0).ToArray() : null;
    }

    public ReadOnlyMemory<byte>? Progress(ActivityId id)
    {
        using var use = progress.Use();
        return progress.Bind(1, id).Step() ? progress.BytesOrNull(0) : null;
    }

    /// <summary>When the sweeper must look again; null while nothing is registered.</summary>
    public DateTimeOffset? NextDeadline()
    {
        using var use = nextDeadline.Use();
        return nextDeadline.Step() ? nextDeadline.Time(0) : null;
    }

    private static WorkflowActivity Map(SqliteStatement row) => new()
    {
        Id = row.Id(0),
        Reference = new WorkflowReference(row.Text(1), row.Text(2), row.Text(3), row.Text(4), row.Int(5)),
        ActivityType = row.TextOrNull(6),
        Description = row.TextOrNull(7),
        SchemaId = row.LongOrNull(8),
        AssertFormat = row.Int(9) != 0,
        CreatedAt = row.Time(10),
        Deadline = row.Time(11),
        HeartbeatTimeout = row.LongOrNull(12) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        OnTimeoutResult = row.BytesOrNull(13),
        Resume = new ResumeTarget((ResumeKind)row.Int(14), row.Text(15), row.TextOrNull(16)),
        Labels = StoredLabels.Of(row.Span(17)),
        Generation = row.Int(18),
        CancelRequestedAt = row.TimeOrNull(19),
        CancelReason = row.TextOrNull(20),
        LastHeartbeat = row.TimeOrNull(21),
        HeartbeatDeadline = row.TimeOrNull(22),
        Closing = MapClosing(row),
    };

    private static Closing? MapClosing(SqliteStatement row) => row.IsNull(ClosingColumn) ? null : new Closing(
        (ActivityState)row.Int(ClosingColumn),
        row.Time(ClosingColumn + 1),
        (ClosedBy)row.Int(ClosingColumn + 2),
        OutcomeDigest.Read(row.Span(ClosingColumn + 3)),
        row.TextOrNull(ClosingColumn + 4),
        (TimeoutKind?)row.LongOrNull(ClosingColumn + 5),
        row.TimeOrNull(ClosingColumn + 6));
}
