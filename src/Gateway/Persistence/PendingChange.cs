namespace Gateway.Persistence;

/// <summary>A change that waits for its commit.</summary>
internal interface IPendingChange
{
    /// <summary>Payload it holds in memory while it waits.</summary>
    int Bytes { get; }

    void Succeed();

    void Fail(Exception exception);
}

/// <summary>A change and the caller who waits for its answer, which is told after the commit.</summary>
internal abstract class PendingChange<T>(int bytes) : IPendingChange
{
    // Continuations must not run on the writer's thread.
    private readonly TaskCompletionSource<T> source = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Bytes => bytes;

    public Task<T> Answer => source.Task;

    /// <summary>What the caller is told once the batch is committed; set while it is written.</summary>
    protected T Result { get; set; } = default!;

    public void Succeed() => source.SetResult(Result);

    public void Fail(Exception exception) => source.SetException(exception);
}

/// <summary>What the commit loop drives: a connection that writes.</summary>
internal interface IBatchWriter<in TChange> : IDisposable
    where TChange : IPendingChange
{
    /// <summary>Writes all changes in one transaction, or none; each holds its own answer afterwards.</summary>
    /// <returns>What the transaction made leasable, good until the next call.</returns>
    /// <exception cref="StorageDownException">The storage itself failed: no change of the batch is to blame.</exception>
    ValueTask<IReadOnlyList<CommitNotice>> CommitAsync(IReadOnlyList<TChange> batch);
}
