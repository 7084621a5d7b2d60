using Gateway.Activities;

namespace Gateway.Persistence.Sqlite;

/// <summary>The writer's statements about activities. Every change of state takes effect on a pending activity only.</summary>
internal sealed class ActivityTables(
    SqliteDatabase database, DeadlineTable deadlines, RecentActivities recent, Action<CommitNotice> notify)
{
    private const int MaxKnownSchemas = 10_000;

    private readonly ActivityReader reader = new(database);
    private readonly Dictionary<OutcomeDigest, long> knownSchemas = [];

    private readonly SqliteStatement insertActivity = database.Prepare(
        """
        INSERT INTO activities (id, namespace, workflow_id, run_id, activity_id, attempt, activity_type, description, schema_id,
            assert_format, created_at, deadline, heartbeat_timeout, on_timeout, resume_kind, resume_address, resume_options,
            labels, fingerprint, generation)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, 0)
        """);

    private readonly SqliteStatement attempts = database.Prepare(
        """
        SELECT a.id, a.attempt, a.fingerprint, o.state FROM activities a LEFT JOIN outcomes o ON o.activity_id = a.id
        WHERE a.workflow_id = ?1 AND a.activity_id = ?2 AND a.namespace = ?3 AND a.run_id = ?4 ORDER BY a.attempt DESC
        """);

    private readonly SqliteStatement insertOutcome = database.Prepare(
        """
        INSERT INTO outcomes (activity_id, state, closed_at, closed_by, digest, reason, timeout_kind, last_heartbeat, body)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (activity_id) DO NOTHING
        """);

    private readonly SqliteStatement insertEntry = database.Prepare(
        """
        INSERT INTO outbox (sequence, activity_id, kind, lane, status, due_at, epoch, attempts)
        VALUES (?1, ?2, ?3, ?4, 0, ?5, 0, 0)
        """);

    private readonly SqliteStatement heartbeat = database.Prepare(
        """
        INSERT INTO heartbeats (activity_id, at, deadline, details)
        SELECT ?1, ?2, ?3, ?4 WHERE NOT EXISTS (SELECT 1 FROM outcomes WHERE activity_id = ?1)
        ON CONFLICT (activity_id) DO UPDATE SET at = excluded.at, deadline = excluded.deadline,
            details = COALESCE(excluded.details, details)
        """);

    private readonly SqliteStatement requestCancel = database.Prepare(
        """
        UPDATE activities SET cancel_requested_at = ?2, cancel_reason = ?3
        WHERE id = ?1 AND cancel_requested_at IS NULL AND NOT EXISTS (SELECT 1 FROM outcomes WHERE activity_id = ?1)
        """);

    private readonly SqliteStatement rotate = database.Prepare(
        """
        UPDATE activities SET generation = generation + 1
        WHERE id = ?1 AND generation = ?2 AND NOT EXISTS (SELECT 1 FROM outcomes WHERE activity_id = ?1)
        """);

    private readonly SqliteStatement insertLabel = database.Prepare(
        "INSERT INTO labels (hash, activity_id) VALUES (?1, ?2) ON CONFLICT DO NOTHING");

    private readonly SqliteStatement insertHistory = database.Prepare(
        "INSERT INTO history (activity_id, at, event, note) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING");

    private readonly SqliteStatement insertSchema = database.Prepare(
        "INSERT INTO schemas (hash, text) VALUES (?1, ?2) ON CONFLICT (hash) DO NOTHING");

    private readonly SqliteStatement findSchema = database.Prepare("SELECT id FROM schemas WHERE hash = ?1");

    /// <summary>Registers, closing pending lower attempts of the same step as superseded.</summary>
    public Registered Register(NewActivity registration, DateTimeOffset now)
    {
        switch (RegistrationDecision.Of(registration, Known(registration.Activity.Reference)))
        {
            case RegistrationDecision.Refused refused:
                return refused.Answer;
            case RegistrationDecision.Repeated repeated:
                return new Registered.Repeated(reader.Find(repeated.Existing)!);
            case RegistrationDecision.Add add:
                Insert(registration);
                foreach (var id in add.Superseded)
                {
                    Supersede(id, now);
                }

                return new Registered.Added(registration.Activity);
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    /// <summary>Writes the outcome and its outbox entry, unless the activity has an outcome already.</summary>
    public Guarded Close(WorkflowActivity activity, Transition.Applied transition)
    {
        recent.Drop(activity.Id);
        var closing = transition.Closing;
        insertOutcome.Bind(1, activity.Id).Bind(2, (long)closing.State).Bind(3, closing.ClosedAt).Bind(4, (long)closing.ClosedBy)
            .Bind(5, closing.Digest).Bind(6, closing.Reason).Bind(7, (long?)closing.TimeoutKind).Bind(8, closing.LastHeartbeat)
            .Bind(9, transition.Body.Span);
        if (insertOutcome.Run() == 0)
        {
            return Guarded.NotPending;
        }

        var lane = activity.Resume.Lane(activity.Reference.Namespace);
        insertEntry.Bind(1, database.LastInsertedRow).Bind(2, activity.Id).Bind(3, (long)activity.Resume.Kind).Bind(4, lane)
            .Bind(5, closing.ClosedAt).Run();
        notify(new CommitNotice(activity.Resume.Kind, lane, activity.Id, closing));
        return Guarded.Done;
    }

    /// <summary>Closes one activity that fell due, whoever noticed it.</summary>
    public void Expire(ActivityId id, DateTimeOffset now)
    {
        if (reader.Find(id) is { } activity && activity.Expire(now) is { } transition)
        {
            Close(activity, transition);
        }
    }

    /// <summary>Closes what fell due, nearest first; a reminder whose activity has more time is moved.</summary>
    /// <returns>How many reminders were looked at: fewer than <paramref name="limit"/> means that no more are due.</returns>
    public int ExpireDue(DateTimeOffset now, int limit)
    {
        var reminders = deadlines.Due(now, limit);
        foreach (var (dueAt, id) in reminders)
        {
            deadlines.Remove(dueAt, id);
            Remind(id, now);
        }

        return reminders.Count;
    }

    public Guarded Heartbeat(ActivityId id, HeartbeatTransition.Applied beat, ReadOnlyMemory<byte>? details)
    {
        recent.Drop(id);
        return heartbeat.Bind(1, id).Bind(2, beat.At).Bind(3, beat.HeartbeatDeadline).Bind(4, details).Run() == 1
            ? Guarded.Done : Guarded.NotPending;
    }

    /// <summary>Asks the outside to stop; a repeated request keeps the first time and reason.</summary>
    public Guarded RequestCancel(ActivityId id, string? reason, DateTimeOffset now)
    {
        recent.Drop(id);
        if (requestCancel.Bind(1, id).Bind(2, now).Bind(3, reason).Run() == 0)
        {
            return Guarded.NotPending;
        }

        Note(id, now, "cancel-requested", reason);
        return Guarded.Done;
    }

    /// <summary>Raises the generation from the one the caller saw.</summary>
    public Guarded Rotate(ActivityId id, int generation, DateTimeOffset now)
    {
        recent.Drop(id);
        if (rotate.Bind(1, id).Bind(2, generation).Run() == 0)
        {
            return Guarded.NotPending;
        }

        Note(id, now, "token-rotated", null);
        return Guarded.Done;
    }

    public void Note(ActivityId id, DateTimeOffset at, string @event, string? note) =>
        insertHistory.Bind(1, id).Bind(2, at).Bind(3, @event).Bind(4, note).Run();

    /// <summary>Drops what is remembered of rows: after a rollback they may not be there.</summary>
    public void Forget() => knownSchemas.Clear();

    private void Remind(ActivityId id, DateTimeOffset now)
    {
        if (reader.Find(id) is not { Closing: null } activity)
        {
            return;
        }

        if (activity.Expire(now) is { } transition)
        {
            Close(activity, transition);
        }
        else
        {
            deadlines.Add(activity.NextDue, id);
        }
    }

    private void Supersede(ActivityId id, DateTimeOffset now)
    {
        if (reader.Find(id) is { } activity && activity.Supersede(now) is { } transition)
        {
            Close(activity, transition);
        }
    }

    private List<KnownAttempt> Known(WorkflowReference step)
    {
        var known = new List<KnownAttempt>();
        using var use = attempts.Use();
        attempts.Bind(1, step.WorkflowId).Bind(2, step.ActivityId).Bind(3, step.Namespace).Bind(4, step.RunId);
        while (attempts.Step())
        {
            known.Add(new KnownAttempt(attempts.Id(0), attempts.Int(1), attempts.Span(2).ToArray(), !attempts.IsNull(3)));
        }

        return known;
    }

    private void Insert(NewActivity registration)
    {
        var activity = registration.Activity with
        {
            SchemaId = SchemaId(registration.Schema),
            Labels = StoredLabels.Of(registration.LabelsText),
        };
        var step = activity.Reference;
        insertActivity.Bind(1, activity.Id).Bind(2, step.Namespace).Bind(3, step.WorkflowId).Bind(4, step.RunId)
            .Bind(5, step.ActivityId).Bind(6, step.Attempt).Bind(7, activity.ActivityType).Bind(8, activity.Description)
            .Bind(9, activity.SchemaId).Bind(10, activity.AssertFormat ? 1 : 0).Bind(11, activity.CreatedAt)
            .Bind(12, activity.Deadline).Bind(13, (long?)activity.HeartbeatTimeout?.TotalSeconds)
            .Bind(14, activity.OnTimeoutResult).Bind(15, (long)activity.Resume.Kind).Bind(16, activity.Resume.Address)
            .Bind(17, activity.Resume.Options).Bind(18, registration.LabelsText).Bind(19, registration.Fingerprint).Run();
        if (activity.HeartbeatDeadline is { } heartbeatDeadline)
        {
            heartbeat.Bind(1, activity.Id).Bind(2, (long?)null).Bind(3, heartbeatDeadline).Bind(4, (string?)null).Run();
        }

        deadlines.Add(activity.NextDue, activity.Id);
        foreach (var hash in registration.LabelHashes)
        {
            insertLabel.Bind(1, hash).Bind(2, activity.Id).Run();
        }

        recent.Stage(activity, registration.LabelsText?.Length ?? 0);
    }

    private long? SchemaId(KnownSchema? schema)
    {
        if (schema is null)
        {
            return null;
        }

        if (knownSchemas.TryGetValue(schema.Hash, out var known))
        {
            return known;
        }

        insertSchema.Bind(1, schema.Hash).Bind(2, schema.Text.Span).Run();
        using var use = findSchema.Use();
        findSchema.Bind(1, schema.Hash).Step();
        if (knownSchemas.Count >= MaxKnownSchemas)
        {
            knownSchemas.Clear();
        }

        return knownSchemas[schema.Hash] = findSchema.Long(0);
    }
}
