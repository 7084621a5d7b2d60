using Gateway.Persistence.Sqlite;

namespace Gateway.Persistence;

/// <summary>
/// Group commit: one thread owns the only writing connection, takes whatever waits (never more than a batch, never waiting
/// for more to come), runs it in one transaction and tells each caller its own answer after the commit.
/// </summary>
internal sealed partial class CommitLoop : IDisposable
{
    private const int MaxBatch = 256;

    private readonly Lock gate = new();
    private readonly Queue<Change> queue = new();
    private readonly SemaphoreSlim arrived = new(0);
    private readonly SqliteWriter writer;
    private readonly Action<CommitNotice> notify;
    private readonly Action<int>? committed;
    private readonly ILogger<CommitLoop> logger;
    private readonly int maxChanges;
    private readonly long maxBytes;
    private readonly Thread thread;
    private long queuedBytes;
    private bool stopping;

    /// <param name="notify">Told after each commit what may be leased now.</param>
    /// <param name="committed">Told after each commit how many changes shared it.</param>
    public CommitLoop(
        SqliteWriter writer, StorageOptions options, Action<CommitNotice> notify, Action<int>? committed, ILogger<CommitLoop> logger)
    {
        (this.writer, this.notify, this.committed, this.logger) = (writer, notify, committed, logger);
        (maxChanges, maxBytes) = (options.MaxQueuedChanges, options.MaxQueuedBytes);
        thread = new Thread(Run) { Name = "commit loop", IsBackground = true };
        thread.Start();
    }

    /// <summary>Runs a change on the writer's thread; the answer comes after it is on stable storage.</summary>
    /// <param name="change">May run twice where another change of its batch failed: it must not keep state of its own.</param>
    /// <param name="bytes">Payload it holds in memory while it waits.</param>
    /// <exception cref="OverloadedException">The queue is full; nothing was stored.</exception>
    /// <exception cref="StorageException">The change could not be committed; nothing was stored.</exception>
    public Task<T> RunAsync<T>(Func<SqliteWriter, T> change, int bytes = 0)
    {
        var waiting = new Change<T>(change, bytes);
        lock (gate)
        {
            if (stopping)
            {
                return Task.FromException<T>(new StorageException("The gateway is stopping."));
            }

            if (queue.Count >= maxChanges || (queuedBytes + bytes > maxBytes && queue.Count > 0))
            {
                return Task.FromException<T>(new OverloadedException());
            }

            queue.Enqueue(waiting);
            queuedBytes += bytes;
            if (queue.Count == 1)
            {
                arrived.Release();
            }
        }

        return waiting.Answer;
    }

    /// <summary>Finishes what was accepted, checkpoints and closes the connection.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            if (stopping)
            {
                return;
            }

            stopping = true;
        }

        arrived.Release();
        thread.Join();
        writer.Dispose();
        arrived.Dispose();
    }

    private void Run()
    {
        var batch = new List<Change>(MaxBatch);
        while (Take(batch))
        {
            Commit(batch);
            batch.Clear();
        }
    }

    private bool Take(List<Change> batch)
    {
        while (true)
        {
            lock (gate)
            {
                while (batch.Count < MaxBatch && queue.TryDequeue(out var change))
                {
                    queuedBytes -= change.Bytes;
                    batch.Add(change);
                }

                if (batch.Count > 0)
                {
                    return true;
                }

                if (stopping)
                {
                    return false;
                }
            }

            arrived.Wait();
        }
    }

    private void Commit(List<Change> batch)
    {
        try
        {
            writer.Transact(batch, static (session, changes) => changes.ForEach(change => change.Apply(session)));
        }
        catch (Exception) when (batch.Count > 1)
        {
            // One bad change must not fail its neighbours: each gets a transaction of its own.
            foreach (var change in batch)
            {
                Commit([change]);
            }

            return;
        }
        catch (Exception exception)
        {
            Log.CommitFailed(logger, exception);
            batch[0].Fail(exception as StorageException ?? new StorageException("The change could not be committed.", exception));
            return;
        }

        committed?.Invoke(batch.Count);
        foreach (var notice in writer.Notices)
        {
            notify(notice);
        }

        batch.ForEach(change => change.Succeed());
    }

    private abstract class Change(int bytes)
    {
        public int Bytes { get; } = bytes;

        public abstract void Apply(SqliteWriter session);

        public abstract void Succeed();

        public abstract void Fail(Exception exception);
    }

    private sealed class Change<T>(Func<SqliteWriter, T> change, int bytes) : Change(bytes)
    {
        // Continuations must not run on the writer's thread.
        private readonly TaskCompletionSource<T> source = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T answer = default!;

        public Task<T> Answer => source.Task;

        public override void Apply(SqliteWriter session) => answer = change(session);

        public override void Succeed() => source.SetResult(answer);

        public override void Fail(Exception exception) => source.SetException(exception);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "A change could not be committed.")]
        public static partial void CommitFailed(ILogger logger, Exception exception);
    }
}
