using Gateway.Activities;
using Npgsql;

namespace Gateway.Persistence.Postgres;

/// <summary>An activity as statements select it, with its heartbeat's and its outcome's columns where it has them.</summary>
internal static class ActivityColumns
{
    public const string List = """
        a.id, a.namespace, a.workflow_id, a.run_id, a.activity_id, a.attempt, a.activity_type, a.description, a.schema_id,
        a.assert_format, a.created_at, a.deadline, a.heartbeat_timeout, a.on_timeout, a.resume_kind, a.resume_address,
        a.resume_options, a.labels, a.generation, a.cancel_requested_at, a.cancel_reason, h.at, h.deadline,
        o.state, o.closed_at, o.closed_by, o.digest, o.reason, o.timeout_kind, o.last_heartbeat
        """;

    public const string Joins =
        "LEFT JOIN outcomes o ON o.activity_id = a.id LEFT JOIN heartbeats h ON h.activity_id = a.id";

    public const string ById = $"SELECT {List} FROM activities a {Joins} WHERE a.id = ANY ($1)";

    public const string OutcomeById =
        $"SELECT {List}, o.body FROM activities a JOIN outcomes o ON o.activity_id = a.id LEFT JOIN heartbeats h ON h.activity_id = a.id WHERE a.id = ANY ($1)";

    private const int ClosingColumn = 23;
    private const int BodyColumn = 30;

    public static WorkflowActivity Read(NpgsqlDataReader row) => new()
    {
        Id = row.Id(0),
        Reference = new WorkflowReference(row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetInt32(5)),
        ActivityType = row.TextOrNull(6),
        Description = row.TextOrNull(7),
        SchemaId = row.LongOrNull(8),
        AssertFormat = row.GetBoolean(9),
        CreatedAt = row.Time(10),
        Deadline = row.Time(11),
        HeartbeatTimeout = row.IntOrNull(12) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        OnTimeoutResult = row.IsDBNull(13) ? (ReadOnlyMemory<byte>?)null : row.GetFieldValue<byte[]>(13),
        Resume = new ResumeTarget((ResumeKind)row.GetInt32(14), row.GetString(15), row.TextOrNull(16)),
        Labels = StoredLabels.Of(row.TextOrNull(17)),
        Generation = row.GetInt32(18),
        CancelRequestedAt = row.TimeOrNull(19),
        CancelReason = row.TextOrNull(20),
        LastHeartbeat = row.TimeOrNull(21),
        HeartbeatDeadline = row.TimeOrNull(22),
        Closing = row.IsDBNull(ClosingColumn) ? null : ReadClosing(row),
    };

    public static LoadedOutcome ReadOutcome(NpgsqlDataReader row)
    {
        var activity = Read(row);
        var outcome = new ClosedActivity(
            activity.Id, activity.Reference, activity.ActivityType, activity.Labels, activity.Closing!, row.GetFieldValue<byte[]>(BodyColumn));
        return new LoadedOutcome(outcome, activity.Resume);
    }

    public static ActivityId Id(this NpgsqlDataReader row, int column) => ActivityId.Read(row.GetFieldValue<byte[]>(column));

    public static string? TextOrNull(this NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    public static long? LongOrNull(this NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);

    public static DateTimeOffset Time(this NpgsqlDataReader row, int column) => Clock.FromMicroseconds(row.GetInt64(column));

    public static DateTimeOffset? TimeOrNull(this NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.Time(column);

    private static int? IntOrNull(this NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt32(column);

    private static Closing ReadClosing(NpgsqlDataReader row) => new(
        (ActivityState)row.GetInt32(ClosingColumn),
        row.Time(ClosingColumn + 1),
        (ClosedBy)row.GetInt32(ClosingColumn + 2),
        OutcomeDigest.Read(row.GetFieldValue<byte[]>(ClosingColumn + 3)),
        row.TextOrNull(ClosingColumn + 4),
        (TimeoutKind?)row.IntOrNull(ClosingColumn + 5),
        row.TimeOrNull(ClosingColumn + 6));
}
