using Gateway.Activities;
using Gateway.Persistence.Sqlite;

namespace Gateway.Persistence;

/// <summary>
/// Activities on stable storage. Reads are one look-up each; every change is guarded and answered after its commit.
/// </summary>
/// <exception cref="OverloadedException">Thrown by every change when the commit queue is full.</exception>
/// <exception cref="StorageException">Thrown by every call when the storage fails.</exception>
internal sealed class ActivityStore(SqliteStorage storage)
{
    private int probes;

    public WorkflowActivity? Find(ActivityId id) =>
        storage.Readers.Read(id, static (reader, id) => reader.Activities.Find(id));

    public WorkflowActivity? FindNewest(string @namespace, string workflowId, string? runId, string activityId) =>
        storage.Readers.Read(
            (@namespace, workflowId, runId, activityId),
            static (reader, step) => reader.Activities.FindNewest(step.@namespace, step.workflowId, step.runId, step.activityId));

    public byte[]? SchemaText(long id) => storage.Readers.Read(id, static (reader, id) => reader.Activities.SchemaText(id));

    /// <summary>The progress details of the last heartbeat that had any.</summary>
    public ReadOnlyMemory<byte>? Progress(ActivityId id) =>
        storage.Readers.Read(id, static (reader, id) => reader.Activities.Progress(id));

    public DateTimeOffset? NextDeadline() => storage.Readers.Read(0, static (reader, _) => reader.Activities.NextDeadline());

    public Task<Registered> RegisterAsync(NewActivity registration, DateTimeOffset now) =>
        storage.Commits.RunAsync(session => session.Activities.Register(registration, now), Weight(registration));

    /// <summary>Registers in order, in one transaction; each gets its own answer.</summary>
    public Task<Registered[]> RegisterAsync(IReadOnlyList<NewActivity> registrations, DateTimeOffset now) =>
        storage.Commits.RunAsync(
            session => registrations.Select(registration => session.Activities.Register(registration, now)).ToArray(),
            registrations.Sum(Weight));

    public Task<Guarded> CloseAsync(WorkflowActivity activity, Transition.Applied transition) =>
        storage.Commits.RunAsync(session => session.Activities.Close(activity, transition), transition.Body.Length);

    public Task<bool> ExpireAsync(ActivityId id, DateTimeOffset now) => storage.Commits.RunAsync(session =>
    {
        session.Activities.Expire(id, now);
        return true;
    });

    /// <summary>Closes what fell due; fewer than <paramref name="limit"/> means that no more is due.</summary>
    public Task<int> ExpireDueAsync(DateTimeOffset now, int limit) =>
        storage.Commits.RunAsync(session => session.Activities.ExpireDue(now, limit));

    public Task<Guarded> HeartbeatAsync(ActivityId id, HeartbeatTransition.Applied beat, ReadOnlyMemory<byte>? details) =>
        storage.Commits.RunAsync(session => session.Activities.Heartbeat(id, beat, details), details?.Length ?? 0);

    public Task<Guarded> RequestCancelAsync(ActivityId id, string? reason, DateTimeOffset now) =>
        storage.Commits.RunAsync(session => session.Activities.RequestCancel(id, reason, now));

    public Task<Guarded> RotateAsync(ActivityId id, int generation, DateTimeOffset now) =>
        storage.Commits.RunAsync(session => session.Activities.Rotate(id, generation, now));

    public Task<bool> NoteAsync(ActivityId id, DateTimeOffset now, string @event, string? note) => storage.Commits.RunAsync(session =>
    {
        session.Activities.Note(id, now, @event, note);
        return true;
    });

    /// <summary>Removes closed and delivered activities that ended before <paramref name="cutoff"/>, in the order of their commits.</summary>
    public Task<Purged> PurgeAsync(DateTimeOffset cutoff, long after, int limit) =>
        storage.Commits.RunAsync(session => session.Retention.Purge(cutoff, after, limit));

    /// <summary>Proves that the storage can be read and written.</summary>
    public Task<bool> ProbeAsync()
    {
        var mark = Interlocked.Increment(ref probes) & 0xFFFF;
        return storage.Commits.RunAsync(session => session.Probe(mark));
    }

    private static int Weight(NewActivity registration) =>
        (registration.SchemaText?.Length ?? 0) + (registration.Activity.OnTimeoutResult?.Length ?? 0);
}
