namespace Gateway.Persistence;

/// <summary>
/// Group commit: takes whatever waits (never more than a batch, never waiting for more to come), has it written in one
/// transaction and tells each caller its own answer after the commit.
/// </summary>
internal sealed partial class CommitLoop<TChange> : IDisposable
    where TChange : class, IPendingChange
{
    private readonly Lock gate = new();
    private readonly Queue<TChange> queue = new();
    private readonly SemaphoreSlim arrived = new(0);
    private readonly IBatchWriter<TChange> writer;
    private readonly Action<CommitNotice> notify;
    private readonly Action<int>? committed;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly BatchLimit limit = new();
    private readonly int maxChanges;
    private readonly long maxBytes;
    private readonly Action join;
    private long queuedBytes;
    private bool idle;
    private bool stopping;
    private bool down;

    /// <param name="ownThread">The writer completes synchronously and wants a thread of its own.</param>
    /// <param name="notify">Told after each commit what may be leased now.</param>
    /// <param name="committed">Told after each commit how many changes shared it.</param>
    public CommitLoop(
        IBatchWriter<TChange> writer, bool ownThread, StorageOptions options, Action<CommitNotice> notify,
        Action<int>? committed, TimeProvider time, ILogger logger)
    {
        (this.writer, this.notify, this.committed, this.time, this.logger) = (writer, notify, committed, time, logger);
        (maxChanges, maxBytes) = (options.MaxQueuedChanges, options.MaxQueuedBytes);
        if (ownThread)
        {
            var thread = new Thread(RunOnThread) { Name = "commit loop", IsBackground = true };
            thread.Start();
            join = thread.Join;
        }
        else
        {
            var loop = Task.Run(RunAsync);
            join = () => loop.GetAwaiter().GetResult();
        }
    }

    /// <summary>Accepts a change; its answer comes after it is on stable storage.</summary>
    /// <exception cref="OverloadedException">By the change's answer: the queue is full; nothing was stored.</exception>
    /// <exception cref="StorageException">By the change's answer: it could not be committed; nothing was stored.</exception>
    public void Enqueue(TChange change)
    {
        StorageException? refusal = null;
        lock (gate)
        {
            if (stopping)
            {
                refusal = new StorageException("The gateway is stopping.");
            }
            else if (queue.Count >= maxChanges || (queuedBytes + change.Bytes > maxBytes && queue.Count > 0))
            {
                refusal = new OverloadedException();
            }
            else
            {
                queue.Enqueue(change);
                queuedBytes += change.Bytes;
                if (idle)
                {
                    idle = false;
                    arrived.Release();
                }
            }
        }

        if (refusal is not null)
        {
            change.Fail(refusal);
        }
    }

    /// <summary>Finishes what was accepted and closes the connection.</summary>
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
        join();
        writer.Dispose();
        arrived.Dispose();
    }

    private void RunOnThread()
    {
        var batch = new List<TChange>(BatchLimit.Most);
        while (Take(batch))
        {
            if (batch.Count == 0)
            {
                arrived.Wait();
                continue;
            }

            // Completed already: a writer with a thread of its own is synchronous.
            CommitAsync(batch).AsTask().GetAwaiter().GetResult();
            batch.Clear();
        }
    }

    private async Task RunAsync()
    {
        var batch = new List<TChange>(BatchLimit.Most);
        while (Take(batch))
        {
            if (batch.Count == 0)
            {
                await arrived.WaitAsync();
                continue;
            }

            await CommitAsync(batch);
            batch.Clear();

            // Behind those who were just answered and whatever else is ready to run: more of it joins this batch, and each costs
            // both sides a good deal by itself. A thread of its own has no such line to join, and yielding the processor does not help.
            await Task.Yield();
        }
    }

    /// <summary>Takes what waits, possibly nothing; false when nothing will come any more.</summary>
    private bool Take(List<TChange> batch)
    {
        lock (gate)
        {
            while (batch.Count < limit.Changes && queue.TryDequeue(out var change))
            {
                queuedBytes -= change.Bytes;
                batch.Add(change);
            }

            idle = batch.Count == 0;
            return !idle || !stopping;
        }
    }

    private async ValueTask CommitAsync(List<TChange> batch)
    {
        IReadOnlyList<CommitNotice> notices;
        var started = time.GetTimestamp();
        try
        {
            notices = await writer.CommitAsync(batch);
            limit.Note(time.GetElapsedTime(started));
        }
        catch (StorageDownException failure)
        {
            // Once an outage: a line for each batch would fill a disk that is full already.
            if (!down)
            {
                Log.StorageDown(logger, failure);
            }

            down = true;
            batch.ForEach(change => change.Fail(failure));
            return;
        }
        catch (Exception) when (batch.Count > 1)
        {
            // One bad change must not fail its neighbours: each gets a transaction of its own.
            foreach (var change in batch)
            {
                await CommitAsync([change]);
            }

            return;
        }
        catch (Exception exception)
        {
            Log.CommitFailed(logger, exception);
            batch[0].Fail(exception as StorageException ?? new StorageException("The change could not be committed.", exception));
            return;
        }

        if (down)
        {
            Log.StorageBack(logger);
        }

        down = false;
        batch.ForEach(static change => change.Succeed());
        committed?.Invoke(batch.Count);
        foreach (var notice in notices)
        {
            notify(notice);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "A change could not be committed.")]
        public static partial void CommitFailed(ILogger logger, Exception exception);

        [LoggerMessage(Level = LogLevel.Error, Message = "The storage failed: changes are answered 503 until it is back.")]
        public static partial void StorageDown(ILogger logger, Exception exception);

        [LoggerMessage(Level = LogLevel.Information, Message = "The storage is back.")]
        public static partial void StorageBack(ILogger logger);
    }
}
