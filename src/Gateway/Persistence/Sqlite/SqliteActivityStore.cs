using Gateway.Activities;

namespace Gateway.Persistence.Sqlite;

/// <summary>Activities in the embedded database: a read takes microseconds and is over when the call returns.</summary>
internal sealed class SqliteActivityStore(SqliteStorage storage) : IActivityStore
{
    private int probes;

    public ValueTask<WorkflowActivity?> FindAsync(ActivityId id, CancellationToken cancellationToken = default) =>
        new(storage.Recent.Find(id) ?? storage.Readers.Read(id, static (reader, id) => reader.Activities.Find(id)));

    public ValueTask<WorkflowActivity?> FindToCloseAsync(ActivityId id) => FindAsync(id);

    public ValueTask<WorkflowActivity?> FindNewestAsync(
        string @namespace, string workflowId, string? runId, string activityId, CancellationToken cancellationToken = default) =>
        new(storage.Readers.Read(
            (@namespace, workflowId, runId, activityId),
            static (reader, step) => reader.Activities.FindNewest(step.@namespace, step.workflowId, step.runId, step.activityId)));

    public ValueTask<byte[]?> SchemaTextAsync(long id, CancellationToken cancellationToken = default) =>
        new(storage.Readers.Read(id, static (reader, id) => reader.Activities.SchemaText(id)));

    public ValueTask<ReadOnlyMemory<byte>?> ProgressAsync(ActivityId id, CancellationToken cancellationToken = default) =>
        new(storage.Readers.Read(id, static (reader, id) => reader.Activities.Progress(id)));

    public ValueTask<DateTimeOffset?> NextDeadlineAsync(CancellationToken cancellationToken = default) =>
        new(storage.Readers.Read(0, static (reader, _) => reader.Activities.NextDeadline()));

    public Task<Registered> RegisterAsync(NewActivity registration, DateTimeOffset now) =>
        storage.Commits.RunAsync(session => session.Activities.Register(registration, now), registration.Weight);

    public Task<Registered[]> RegisterAsync(IReadOnlyList<NewActivity> registrations, DateTimeOffset now) =>
        storage.Commits.RunAsync(
            session => registrations.Select(registration => session.Activities.Register(registration, now)).ToArray(),
            registrations.Sum(registration => registration.Weight));

    public Task<Guarded> CloseAsync(WorkflowActivity activity, Transition.Applied transition) =>
        storage.Commits.RunAsync(session => session.Activities.Close(activity, transition), transition.Body.Length);

    public Task ExpireAsync(ActivityId id, DateTimeOffset now) => storage.Commits.RunAsync(session =>
    {
        session.Activities.Expire(id, now);
        return true;
    });

    public Task<int> ExpireDueAsync(DateTimeOffset now, int limit) =>
        storage.Commits.RunAsync(session => session.Activities.ExpireDue(now, limit));

    public Task<Guarded> HeartbeatAsync(ActivityId id, HeartbeatTransition.Applied beat, ReadOnlyMemory<byte>? details) =>
        storage.Commits.RunAsync(session => session.Activities.Heartbeat(id, beat, details), details?.Length ?? 0);

    public Task<Guarded> RequestCancelAsync(ActivityId id, string? reason, DateTimeOffset now) =>
        storage.Commits.RunAsync(session => session.Activities.RequestCancel(id, reason, now));

    public Task<Guarded> RotateAsync(ActivityId id, int generation, DateTimeOffset now) =>
        storage.Commits.RunAsync(session => session.Activities.Rotate(id, generation, now));

    public Task NoteAsync(ActivityId id, DateTimeOffset now, string @event, string? note) => storage.Commits.RunAsync(session =>
    {
        session.Activities.Note(id, now, @event, note);
        return true;
    });

    public Task<Purged> PurgeAsync(DateTimeOffset cutoff, long after, int limit) =>
        storage.Commits.RunAsync(session => session.Retention.Purge(cutoff, after, limit));

    public Task ProbeAsync()
    {
        var mark = Interlocked.Increment(ref probes) & 0xFFFF;
        return storage.Commits.RunAsync(session => session.Probe(mark));
    }
}
