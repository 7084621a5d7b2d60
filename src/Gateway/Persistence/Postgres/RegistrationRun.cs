using Gateway.Activities;
using Npgsql;

namespace Gateway.Persistence.Postgres;

/// <summary>
/// The registrations of one batch: what is registered of their steps is read under locks in the batch's transaction, decided
/// here in the order of arrival, and written with the rest of the batch.
/// </summary>
internal sealed class RegistrationRun(IReadOnlyList<RegisterChange> changes)
{
    private readonly List<Addition> additions = [];
    private readonly Dictionary<ActivityId, WorkflowActivity> added = [];
    private readonly List<(ActivityId Id, DateTimeOffset Now)> superseded = [];
    private Dictionary<StepKey, List<KnownAttempt>> known = [];
    private Dictionary<ActivityId, WorkflowActivity> stored = [];

    /// <summary>Pending lower attempts, which close with the higher ones.</summary>
    public IEnumerable<Ending> Endings =>
        from lower in superseded
        let activity = added.GetValueOrDefault(lower.Id) ?? stored[lower.Id]
        let transition = activity.Supersede(lower.Now)
        where transition is not null
        select Ending.Of(activity, transition);

    /// <summary>Opens the transaction and decides; the caller ends it.</summary>
    public async Task DecideAsync(NpgsqlConnection connection, SchemaIds schemas)
    {
        var all = changes.SelectMany(change => change.Registrations.Select(registration => (Change: change, Registration: registration,
            Step: StepKey.Of(registration.Activity.Reference)))).ToList();
        var ids = await schemas.EnsureAsync(connection, all.Select(one => one.Registration.Schema).OfType<KnownSchema>());
        await LookAsync(connection, all.Select(one => (one.Step, one.Registration.Activity.Reference.Attempt)).ToList());
        var decisions = new Dictionary<NewActivity, RegistrationDecision>(ReferenceEqualityComparer.Instance);
        foreach (var (change, registration, step) in all)
        {
            long? schemaId = registration.Schema is { } schema ? ids[schema.Hash] : null;
            decisions[registration] = Decide(new Addition(registration, step, schemaId), change.Now);
        }

        await LoadAsync(connection, decisions.Values);
        foreach (var change in changes)
        {
            change.Answers([.. change.Registrations.Select(registration => Answer(registration, decisions[registration]))]);
        }
    }

    public IEnumerable<NpgsqlBatchCommand> Commands() => additions.Count == 0 ? [] : RegistrationStatements.Insert(additions);

    /// <summary>What was added stands in the database as it is remembered from here on.</summary>
    public void Remember(RecentActivities recent)
    {
        foreach (var (registration, _, schemaId) in additions)
        {
            recent.Stage(registration.Activity with { SchemaId = schemaId, Remembered = true }, registration.LabelsText?.Length ?? 0);
        }

        superseded.ForEach(lower => recent.Drop(lower.Id));
        recent.Publish();
    }

    private async Task LookAsync(NpgsqlConnection connection, List<(StepKey Step, int Attempt)> steps)
    {
        await using var batch = new NpgsqlBatch(connection) { Timeout = 0 };
        batch.BatchCommands.Add(new NpgsqlBatchCommand("BEGIN"));
        batch.BatchCommands.Add(RegistrationStatements.Locks(steps));
        batch.BatchCommands.Add(RegistrationStatements.Known([.. steps.Select(step => step.Step).Distinct()]));
        await using var reader = await batch.ExecuteReaderAsync();
        await reader.NextResultAsync();
        known = await RegistrationStatements.ReadKnownAsync(reader);
    }

    private RegistrationDecision Decide(Addition addition, DateTimeOffset now)
    {
        if (!known.TryGetValue(addition.Step, out var attempts))
        {
            known[addition.Step] = attempts = [];
        }

        attempts.Sort(static (one, other) => other.Attempt.CompareTo(one.Attempt));
        var decision = RegistrationDecision.Of(addition.Registration, attempts);
        if (decision is RegistrationDecision.Add add)
        {
            var activity = addition.Activity;
            additions.Add(addition);
            added[activity.Id] = activity;
            superseded.AddRange(add.Superseded.Select(id => (id, now)));
            for (var i = 0; i < attempts.Count; i++)
            {
                attempts[i] = attempts[i] with { Closed = true };
            }

            attempts.Add(new KnownAttempt(activity.Id, activity.Reference.Attempt, addition.Registration.Fingerprint, Closed: false));
        }

        return decision;
    }

    /// <summary>Activities of other transactions that an answer shows or a higher attempt closes.</summary>
    private async Task LoadAsync(NpgsqlConnection connection, IEnumerable<RegistrationDecision> decisions)
    {
        var ids = decisions.OfType<RegistrationDecision.Repeated>().Select(repeated => repeated.Existing)
            .Concat(superseded.Select(lower => lower.Id))
            .Where(id => !added.ContainsKey(id)).ToHashSet();
        if (ids.Count == 0)
        {
            return;
        }

        await using var command = new NpgsqlCommand(ActivityColumns.ById, connection) { CommandTimeout = 0 };
        command.Parameters.Add(Parameter.Ids(ids));
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            var activity = ActivityColumns.Read(reader);
            stored[activity.Id] = activity;
        }
    }

    private Registered Answer(NewActivity registration, RegistrationDecision decision) => decision switch
    {
        RegistrationDecision.Refused refused => refused.Answer,
        RegistrationDecision.Add => new Registered.Added(registration.Activity),
        // Its own row, after a commit whose answer was lost.
        RegistrationDecision.Repeated(var id) when id == registration.Activity.Id && !added.ContainsKey(id) => new Registered.Added(registration.Activity),
        RegistrationDecision.Repeated(var id) => new Registered.Repeated(added.GetValueOrDefault(id) ?? stored[id]),
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
