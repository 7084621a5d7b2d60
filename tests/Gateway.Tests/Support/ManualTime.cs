namespace Gateway.Tests.Support;

/// <summary>A clock that a test moves by hand; timers fire on the thread that moves it, in the order of their moments.</summary>
internal sealed class ManualTime : TimeProvider
{
    private readonly Lock gate = new();
    private readonly List<ManualTimer> timers = [];
    private readonly List<(Func<TimeSpan, bool> Fits, TaskCompletionSource Armed)> watchers = [];
    private DateTimeOffset now = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate)
        {
            return now;
        }
    }

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Completes once a timer of a fitting length is armed, or at once if one is: then moving the clock reaches it.</summary>
    public Task WhenArmed(Func<TimeSpan, bool> fits)
    {
        lock (gate)
        {
            if (timers.Exists(timer => timer.Due is { } due && fits(due - now)))
            {
                return Task.CompletedTask;
            }

            var armed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            watchers.Add((fits, armed));
            return armed.Task;
        }
    }

    public void Advance(TimeSpan by)
    {
        var until = GetUtcNow() + by;
        while (NextDue(until) is { } timer)
        {
            timer.Fire();
        }

        lock (gate)
        {
            now = until;
        }
    }

    private ManualTimer? NextDue(DateTimeOffset until)
    {
        lock (gate)
        {
            var first = timers.Where(timer => timer.Due <= until).MinBy(timer => timer.Due);
            if (first is not null)
            {
                now = first.Due!.Value > now ? first.Due.Value : now;
                first.Taken(until);
            }

            return first;
        }
    }

    private sealed class ManualTimer(ManualTime time, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan period;

        public DateTimeOffset? Due { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time.gate)
            {
                this.period = period;
                time.timers.Remove(this);
                Due = dueTime < TimeSpan.Zero ? null : time.now + dueTime;
                if (Due is null)
                {
                    return true;
                }

                time.timers.Add(this);
                foreach (var watcher in time.watchers.Where(watcher => watcher.Fits(dueTime)).ToArray())
                {
                    time.watchers.Remove(watcher);
                    watcher.Armed.SetResult();
                }
            }

            return true;
        }

        /// <summary>
        /// Called with the gate held, before the callback runs. A periodic timer fires at its next and at its last moment of
        /// a move, as one that nobody listens to in between: a month of half seconds is two.
        /// </summary>
        public void Taken(DateTimeOffset until)
        {
            if (period > TimeSpan.Zero)
            {
                var periods = Math.Max(1, (long)((until - Due!.Value) / period));
                Due += periods * period;
                return;
            }

            Due = null;
            time.timers.Remove(this);
        }

        public void Fire() => callback(state);

        public void Dispose()
        {
            lock (time.gate)
            {
                Due = null;
                time.timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
