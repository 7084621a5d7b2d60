using Gateway.Activities;

namespace Gateway.Persistence;

/// <summary>
/// Activities on stable storage. Reads are one look-up each, and complete at once where the store needs no wire for them;
/// every change is guarded and answered after its commit.
/// </summary>
/// <exception cref="OverloadedException">Thrown by every change when the commit queue is full.</exception>
/// <exception cref="StorageException">Thrown by every call when the storage fails.</exception>
internal interface IActivityStore
{
    ValueTask<WorkflowActivity?> FindAsync(ActivityId id, CancellationToken cancellationToken = default);

    /// <summary>
    /// As <see cref="FindAsync"/>, or from this node's memory. A <see cref="WorkflowActivity.Remembered"/> one is a guess:
    /// <see cref="CloseAsync"/> refuses to close it unless it is as it was registered.
    /// </summary>
    ValueTask<WorkflowActivity?> FindToCloseAsync(ActivityId id);

    /// <summary>The newest attempt of a step.</summary>
    /// <param name="runId">Null: of any run.</param>
    ValueTask<WorkflowActivity?> FindNewestAsync(
        string @namespace, string workflowId, string? runId, string activityId, CancellationToken cancellationToken = default);

    /// <summary>A return schema's bytes as registered.</summary>
    ValueTask<byte[]?> SchemaTextAsync(long id, CancellationToken cancellationToken = default);

    /// <summary>The progress details of the last heartbeat that had any.</summary>
    ValueTask<ReadOnlyMemory<byte>?> ProgressAsync(ActivityId id, CancellationToken cancellationToken = default);

    /// <summary>When the sweeper must look again; null while nothing is registered.</summary>
    ValueTask<DateTimeOffset?> NextDeadlineAsync(CancellationToken cancellationToken = default);

    Task<Registered> RegisterAsync(NewActivity registration, DateTimeOffset now);

    /// <summary>Registers in order, in one transaction; each gets its own answer.</summary>
    Task<Registered[]> RegisterAsync(IReadOnlyList<NewActivity> registrations, DateTimeOffset now);

    /// <summary>Writes the outcome and its outbox entry, unless the activity has an outcome already or was guessed wrong.</summary>
    Task<Guarded> CloseAsync(WorkflowActivity activity, Transition.Applied transition);

    /// <summary>Closes one activity that fell due, whoever noticed it.</summary>
    Task ExpireAsync(ActivityId id, DateTimeOffset now);

    /// <summary>Closes what fell due; fewer than <paramref name="limit"/> means that no more is due.</summary>
    Task<int> ExpireDueAsync(DateTimeOffset now, int limit);

    Task<Guarded> HeartbeatAsync(ActivityId id, HeartbeatTransition.Applied beat, ReadOnlyMemory<byte>? details);

    /// <summary>Asks the outside to stop; a repeated request keeps the first time and reason.</summary>
    Task<Guarded> RequestCancelAsync(ActivityId id, string? reason, DateTimeOffset now);

    /// <summary>Raises the generation from the one the caller saw.</summary>
    Task<Guarded> RotateAsync(ActivityId id, int generation, DateTimeOffset now);

    Task NoteAsync(ActivityId id, DateTimeOffset now, string @event, string? note);

    /// <summary>Removes closed and delivered activities that ended before <paramref name="cutoff"/>, in the order of their commits.</summary>
    Task<Purged> PurgeAsync(DateTimeOffset cutoff, long after, int limit);

    /// <summary>Proves that the storage can be read and written.</summary>
    Task ProbeAsync();
}
