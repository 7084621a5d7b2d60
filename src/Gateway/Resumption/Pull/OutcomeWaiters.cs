using System.Runtime.CompilerServices;
using Gateway.Activities;
using Gateway.Persistence;

namespace Gateway.Resumption.Pull;

/// <summary>The long polls that wait for one activity's outcome: no thread and no connection is held while they do.</summary>
internal sealed class OutcomeWaiters(TimeProvider time) : ICommitListener
{
    private readonly Lock gate = new();
    private readonly Dictionary<ActivityId, Entry> entries = [];

    private TimeProvider Time => time;

    public int Count
    {
        get
        {
            lock (gate)
            {
                return entries.Values.Sum(entry => entry.Waiting);
            }
        }
    }

    /// <summary>The activities somebody waits for.</summary>
    public IReadOnlyCollection<ActivityId> Awaited
    {
        get
        {
            lock (gate)
            {
                return [.. entries.Keys];
            }
        }
    }

    public void Committed(CommitNotice notice)
    {
        if (notice.Closed is not { } id)
        {
            return;
        }

        lock (gate)
        {
            if (entries.Remove(id, out var entry))
            {
                entry.Closed.TrySetResult();
            }
        }
    }

    /// <summary>Enter first and look at the store afterwards: then no closing is missed.</summary>
    public Waiter Enter(ActivityId id)
    {
        lock (gate)
        {
            if (!entries.TryGetValue(id, out var entry))
            {
                entries[id] = entry = new Entry();
            }

            entry.Waiting++;
            return new Waiter(this, id, entry);
        }
    }

    private void Leave(ActivityId id, Entry entry)
    {
        lock (gate)
        {
            if (--entry.Waiting == 0 && entries.TryGetValue(id, out var current) && ReferenceEquals(current, entry))
            {
                entries.Remove(id);
            }
        }
    }

    internal sealed class Entry
    {
        public TaskCompletionSource Closed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Waiting { get; set; }
    }

    internal readonly struct Waiter(OutcomeWaiters waiters, ActivityId id, Entry entry) : IDisposable
    {
        /// <summary>Returns when the activity was closed, the time ran out, or the wait is to end: look at the store then.</summary>
        public ConfiguredTaskAwaitable WaitAsync(TimeSpan atMost, CancellationToken ending) =>
            entry.Closed.Task.WaitAsync(atMost, waiters.Time, ending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        public void Dispose() => waiters.Leave(id, entry);
    }
}
