using Gateway.Activities;
using NpgsqlTypes;

namespace Gateway.Persistence.Postgres;

/// <summary>The look-ups that many requests make at once.</summary>
internal sealed class PostgresReads(PostgresSource source, StorageOptions options)
{
    /// <summary>More read no faster: what waits for the one is read together.</summary>
    private const int Connections = 1;

    private const string NextDueSql = """
        SELECT u.kind, u.lane, o.due_at FROM unnest($1, $2) AS u (kind, lane)
        CROSS JOIN LATERAL (SELECT due_at FROM outbox WHERE kind = u.kind AND lane = u.lane AND due_at IS NOT NULL ORDER BY due_at LIMIT 1) o
        """;

    public ReadLoop<ActivityId, WorkflowActivity> Activities { get; } = new(
        source, ActivityColumns.ById, keys => [Parameter.Ids(keys)], static row => (row.Id(0), ActivityColumns.Read(row)), Connections,
        options.MaxQueuedChanges);

    public ReadLoop<ActivityId, LoadedOutcome> Outcomes { get; } = new(
        source, ActivityColumns.OutcomeById, keys => [Parameter.Ids(keys)], static row => (row.Id(0), ActivityColumns.ReadOutcome(row)),
        Connections, options.MaxQueuedChanges);

    /// <summary>When the first unsettled entry of a lane is due.</summary>
    public ReadLoop<(int Kind, string Lane), DateTimeOffset?> NextDue { get; } = new(
        source,
        NextDueSql,
        keys => [Parameter.Array([.. keys.Select(key => key.Kind)], NpgsqlDbType.Integer), Parameter.Array([.. keys.Select(key => key.Lane)], NpgsqlDbType.Text)],
        static row => ((row.GetInt32(0), row.GetString(1)), row.Time(2)),
        Connections,
        options.MaxQueuedChanges);
}
