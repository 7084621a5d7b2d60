using Gateway.Activities;
using Npgsql;

namespace Gateway.Persistence.Postgres;

/// <summary>One of a step's attempts, of one run: what registrations of the step are compared with.</summary>
internal readonly record struct StepKey(long Workflow, long Step, string RunId)
{
    public static StepKey Of(WorkflowReference step) => new(StepHash.OfWorkflow(step.WorkflowId), StepHash.OfStep(step), step.RunId);
}

/// <summary>A registration that was decided to be added.</summary>
internal sealed record Addition(NewActivity Registration, StepKey Step, long? SchemaId)
{
    public WorkflowActivity Activity => Registration.Activity;
}

/// <summary>The statements of a registration.</summary>
internal static class RegistrationStatements
{
    private const int LockSpace = 0x63626774;
    private const int LockPlaces = 64;

    /// <summary>
    /// First attempts share, higher ones exclude: so the many do not wait for one another, and nobody decides about a step
    /// while a higher attempt of it is being registered. Taken in the order of the places by everybody.
    /// </summary>
    private const string LockSql = """
        SELECT CASE WHEN u.excluding THEN pg_advisory_xact_lock(u.space, u.place)::text
            ELSE pg_advisory_xact_lock_shared(u.space, u.place)::text END
        FROM unnest($1, $2, $3) AS u (space, place, excluding)
        """;

    private const string KnownSql = """
        SELECT a.workflow_hash, a.step_hash, a.run_id, a.id, a.attempt, a.fingerprint, o.activity_id IS NOT NULL
        FROM unnest($1, $2, $3) AS u (workflow_hash, step_hash, run_id)
        JOIN activities a ON a.workflow_hash = u.workflow_hash AND a.step_hash = u.step_hash AND a.run_id = u.run_id
        LEFT JOIN outcomes o ON o.activity_id = a.id
        """;

    private const string ActivitySql = """
        INSERT INTO activities (id, namespace, workflow_id, run_id, activity_id, attempt, activity_type, description, schema_id,
            assert_format, created_at, deadline, heartbeat_timeout, on_timeout, resume_kind, resume_address, resume_options,
            labels, fingerprint, workflow_hash, step_hash, generation)
        SELECT u.*, 0 FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21) AS u
        """;

    private const string DeadlineSql = "INSERT INTO deadlines (due_at, activity_id) SELECT * FROM unnest($1, $2) ON CONFLICT DO NOTHING";

    private const string HeartbeatSql = "INSERT INTO heartbeats (activity_id, deadline) SELECT * FROM unnest($1, $2)";

    private const string LabelSql = "INSERT INTO labels (hash, activity_id) SELECT * FROM unnest($1, $2) ON CONFLICT DO NOTHING";

    public static NpgsqlBatchCommand Locks(IEnumerable<(StepKey Step, int Attempt)> registrations)
    {
        var places = registrations
            .GroupBy(registration => (int)((ulong)registration.Step.Step % LockPlaces))
            .Select(place => (Place: place.Key, Excluding: place.Any(registration => registration.Attempt > 1)))
            .OrderBy(place => place.Place)
            .ToList();
        return new Arrays<(int Place, bool Excluding)>(places)
            .Ints(_ => LockSpace).Ints(place => place.Place).Flags(place => place.Excluding).Into(LockSql);
    }

    public static NpgsqlBatchCommand Known(IReadOnlyList<StepKey> steps) => new Arrays<StepKey>(steps)
        .Longs(step => step.Workflow).Longs(step => step.Step).Texts(step => step.RunId).Into(KnownSql);

    public static async Task<Dictionary<StepKey, List<KnownAttempt>>> ReadKnownAsync(NpgsqlDataReader reader)
    {
        var known = new Dictionary<StepKey, List<KnownAttempt>>();
        while (await reader.ReadAsync())
        {
            var step = new StepKey(reader.GetInt64(0), reader.GetInt64(1), reader.GetString(2));
            if (!known.TryGetValue(step, out var attempts))
            {
                known[step] = attempts = [];
            }

            attempts.Add(new KnownAttempt(reader.Id(3), reader.GetInt32(4), reader.GetFieldValue<byte[]>(5), reader.GetBoolean(6)));
        }

        return known;
    }

    public static IEnumerable<NpgsqlBatchCommand> Insert(IReadOnlyList<Addition> additions)
    {
        yield return Activities(additions);
        yield return new Arrays<Addition>(additions).Times(added => added.Activity.NextDue).Ids(added => added.Activity.Id).Into(DeadlineSql);
        if (additions.Where(added => added.Activity.HeartbeatDeadline is not null).ToList() is { Count: > 0 } beating)
        {
            yield return new Arrays<Addition>(beating)
                .Ids(added => added.Activity.Id).TimesOrNull(added => added.Activity.HeartbeatDeadline).Into(HeartbeatSql);
        }

        var labels = additions.SelectMany(added => added.Registration.LabelHashes.Select(hash => (Hash: hash, added.Activity.Id)))
            .ToList();
        if (labels.Count > 0)
        {
            yield return new Arrays<(long Hash, ActivityId Id)>(labels).Longs(label => label.Hash).Ids(label => label.Id).Into(LabelSql);
        }
    }

    private static NpgsqlBatchCommand Activities(IReadOnlyList<Addition> additions) => new Arrays<Addition>(additions)
        .Ids(added => added.Activity.Id)
        .Texts(added => added.Activity.Reference.Namespace)
        .Texts(added => added.Activity.Reference.WorkflowId)
        .Texts(added => added.Activity.Reference.RunId)
        .Texts(added => added.Activity.Reference.ActivityId)
        .Ints(added => added.Activity.Reference.Attempt)
        .Texts(added => added.Activity.ActivityType)
        .Texts(added => added.Activity.Description)
        .LongsOrNull(added => added.SchemaId)
        .Flags(added => added.Activity.AssertFormat)
        .Times(added => added.Activity.CreatedAt)
        .Times(added => added.Activity.Deadline)
        .IntsOrNull(added => (int?)added.Activity.HeartbeatTimeout?.TotalSeconds)
        .Bytes(added => added.Activity.OnTimeoutResult?.ToArray())
        .Ints(added => (int)added.Activity.Resume.Kind)
        .Texts(added => added.Activity.Resume.Address)
        .Texts(added => added.Activity.Resume.Options)
        .Texts(added => added.Registration.LabelsText)
        .Bytes(added => added.Registration.Fingerprint)
        .Longs(added => added.Step.Workflow)
        .Longs(added => added.Step.Step)
        .Into(ActivitySql);
}
