using Gateway.Activities;
using Gateway.Persistence;

namespace Gateway.Resumption;

/// <summary>
/// Wakes those who wait for entries, after the commit that wrote them. A signal is a hint and polling the safety net: a
/// waiter that wakes looks at the store, and one that stops waiting hands an unused signal on.
/// </summary>
internal sealed class OutboxSignal(TimeProvider time) : ICommitListener
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, LinkedList<LaneWaiter>> pullWaiters = [];
    private TaskCompletionSource push = NewSource();

    public void Committed(CommitNotice notice)
    {
        if (notice.Kind is ResumeKind.Pull)
        {
            WakeOne(notice.Lane);
        }
        else
        {
            lock (gate)
            {
                push.TrySetResult();
            }
        }
    }

    /// <summary>Returns when a push entry was committed since the last call returned, or after <paramref name="atMost"/>.</summary>
    public async Task WaitForPushAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        Task signalled;
        lock (gate)
        {
            signalled = push.Task;
        }

        await Elapsed(signalled, atMost, cancellationToken);
        lock (gate)
        {
            if (push.Task.IsCompleted)
            {
                push = NewSource();
            }
        }
    }

    /// <summary>Enters the line for a pull queue. Enter first and look at the store afterwards: then no signal is lost.</summary>
    public LaneWaiter Enter(string lane)
    {
        var waiter = new LaneWaiter(this, lane);
        lock (gate)
        {
            if (!pullWaiters.TryGetValue(lane, out var line))
            {
                pullWaiters[lane] = line = [];
            }

            line.AddLast(waiter.Place);
        }

        return waiter;
    }

    private void WakeOne(string lane)
    {
        lock (gate)
        {
            if (pullWaiters.TryGetValue(lane, out var line) && line.First is { } first)
            {
                Remove(line, first.Value);
                first.Value.Signalled.TrySetResult();
            }
        }
    }

    private void Leave(LaneWaiter waiter)
    {
        lock (gate)
        {
            if (waiter.Place.List is { } line)
            {
                Remove(line, waiter);
                return;
            }
        }

        if (!waiter.Used)
        {
            WakeOne(waiter.Lane);
        }
    }

    private void Remove(LinkedList<LaneWaiter> line, LaneWaiter waiter)
    {
        line.Remove(waiter.Place);
        if (line.Count == 0)
        {
            pullWaiters.Remove(waiter.Lane);
        }
    }

    private async Task<bool> Elapsed(Task signalled, TimeSpan atMost, CancellationToken cancellationToken)
    {
        try
        {
            await signalled.WaitAsync(atMost, time, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>One place in the line of a pull queue.</summary>
    internal sealed class LaneWaiter : IDisposable
    {
        private readonly OutboxSignal signal;

        internal LaneWaiter(OutboxSignal signal, string lane)
        {
            (this.signal, Lane) = (signal, lane);
            Place = new LinkedListNode<LaneWaiter>(this);
        }

        internal string Lane { get; }

        internal LinkedListNode<LaneWaiter> Place { get; }

        internal TaskCompletionSource Signalled { get; } = NewSource();

        internal bool Used { get; private set; }

        /// <summary>Returns when it is this waiter's turn to look, or after <paramref name="atMost"/>.</summary>
        public async Task WaitAsync(TimeSpan atMost, CancellationToken cancellationToken) =>
            Used = await signal.Elapsed(Signalled.Task, atMost, cancellationToken);

        public void Dispose() => signal.Leave(this);
    }
}
