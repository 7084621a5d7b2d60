using Gateway.Activities;
using Gateway.Persistence;

namespace Gateway.Resumption.Connections;

/// <summary>What passing a sign of life on came to.</summary>
internal enum Forwarded
{
    /// <summary>Nothing new: it waits for its turn, the engine does not answer, or nobody wants to hear it.</summary>
    Nothing,

    /// <summary>The workflow asks the outside to stop; that is on stable storage.</summary>
    CancelRequested,

    /// <summary>The engine waits for this activity no more; it is closed here too.</summary>
    Closed,
}

/// <summary>
/// Passes heartbeats on to the engine an activity belongs to: at most one per 80 % of the heartbeat timeout, and of those that
/// come meanwhile the last details, when the time is over. What the engine did not take is tried
/// again after a tenth of the timeout, or when the engine's rest is over.
/// </summary>
internal sealed partial class HeartbeatForwarder(
    ConnectionRegistry connections, IActivityStore store, TimeProvider time, ILogger<HeartbeatForwarder> logger) : IDisposable
{
    /// <summary>For activities without a heartbeat timeout.</summary>
    private static readonly TimeSpan UsualTimeout = TimeSpan.FromSeconds(30);

    private readonly Lock gate = new();
    private readonly Dictionary<ActivityId, Pulse> pulses = [];
    private readonly CancellationTokenSource stopping = new();

    /// <param name="details">Good until the returned task ends; null keeps what was reported last.</param>
    public async Task<Forwarded> ForwardAsync(WorkflowActivity activity, ReadOnlyMemory<byte>? details)
    {
        if (connections.Find(activity.Resume.Kind, activity.Resume.Address) is not { TakesHeartbeats: true } connection)
        {
            return Forwarded.Nothing;
        }

        var interval = 0.8 * (activity.HeartbeatTimeout ?? UsualTimeout);
        return Take(activity.Id, connection, activity.Resume.Options, interval, details) is { } pulse
            ? await SendAsync(pulse)
            : Forwarded.Nothing;
    }

    public void Dispose()
    {
        stopping.Cancel();
        lock (gate)
        {
            foreach (var pulse in pulses.Values)
            {
                pulse.Timer?.Dispose();
            }

            pulses.Clear();
        }

        stopping.Dispose();
    }

    /// <summary>The pulse to send now, or null where the turn is not yet.</summary>
    private Pulse? Take(ActivityId id, Connection connection, string? target, TimeSpan interval, ReadOnlyMemory<byte>? details)
    {
        lock (gate)
        {
            if (!pulses.TryGetValue(id, out var pulse))
            {
                pulse = new Pulse(id, connection, target, interval) { Details = Copy(details) };
                pulses.Add(id, pulse);
                pulse.Timer = time.CreateTimer(state => _ = TurnAsync((Pulse)state!), pulse, interval, interval);
                return pulse;
            }

            pulse.Details = Copy(details) ?? pulse.Details;
            pulse.Waiting = true;
            return null;
        }
    }

    /// <summary>The time of a pulse is over: what came meanwhile is sent, and one with nothing to send is forgotten.</summary>
    private async Task TurnAsync(Pulse pulse)
    {
        try
        {
            if (await IsDueAsync(pulse))
            {
                await SendAsync(pulse);
            }
        }
        catch (Exception exception) when (exception is StorageException or OverloadedException or OperationCanceledException or ObjectDisposedException)
        {
            Log.Lost(logger, pulse.Id, pulse.Connection.Name, exception.GetType().Name);

            // One that was sent before the storage failed keeps its turn: nothing is to be sent again.
            if (pulse.Waiting)
            {
                TurnSoon(pulse);
            }
        }
    }

    private async ValueTask<bool> IsDueAsync(Pulse pulse)
    {
        var waiting = pulse.Waiting && await store.FindAsync(pulse.Id) is { Closing: null };
        lock (gate)
        {
            if (!waiting && !pulse.Sending)
            {
                Forget(pulse);
            }

            return waiting && !pulse.Sending && pulses.ContainsKey(pulse.Id);
        }
    }

    private async Task<Forwarded> SendAsync(Pulse pulse)
    {
        ReadOnlyMemory<byte>? details;
        lock (gate)
        {
            (pulse.Sending, pulse.Waiting, details) = (true, false, pulse.Details);
        }

        EngineAnswer? answer = null;
        try
        {
            answer = await pulse.Connection.HeartbeatAsync(pulse.Id, pulse.Target, details, stopping.Token);
        }
        finally
        {
            lock (gate)
            {
                pulse.Sending = false;
                pulse.Waiting |= answer is null or EngineAnswer.Again or EngineAnswer.Hold;
            }

            if (answer is null or EngineAnswer.Again)
            {
                TurnSoon(pulse);
            }
        }

        return await TakeInAsync(pulse, answer);
    }

    private async Task<Forwarded> TakeInAsync(Pulse pulse, EngineAnswer? answer)
    {
        switch (answer)
        {
            case EngineAnswer.Done { CancelRequested: true }:
                await store.RequestCancelAsync(pulse.Id, "the workflow engine asked for it", time.Now());
                return Forwarded.CancelRequested;
            case EngineAnswer.Gone gone:
                lock (gate)
                {
                    Forget(pulse);
                }

                return await CloseAsync(pulse.Id, gone.Why);
            case EngineAnswer.Again or EngineAnswer.Hold or EngineAnswer.Refused:
                Log.NotTaken(logger, pulse.Id, pulse.Connection.Name, answer.Text);
                return Forwarded.Nothing;
            default:
                return Forwarded.Nothing;
        }
    }

    private async Task<Forwarded> CloseAsync(ActivityId id, string why)
    {
        if (await store.FindAsync(id) is not { } activity || activity.CloseByEngine(why, time.Now()) is not { } applied
            || await store.CloseAsync(activity, applied) is not Guarded.Done)
        {
            return Forwarded.Nothing;
        }

        Log.Closed(logger, id, why);
        return Forwarded.Closed;
    }

    /// <summary>After a whole turn more the engine would have given the activity up.</summary>
    private void TurnSoon(Pulse pulse)
    {
        var rest = pulse.Connection.State.RestsUntil - time.GetUtcNow();
        var tenth = pulse.Interval / 8;
        pulse.Timer?.Change(rest > tenth ? rest : tenth, pulse.Interval);
    }

    private void Forget(Pulse pulse)
    {
        pulse.Timer?.Dispose();
        pulses.Remove(pulse.Id);
    }

    /// <summary>The request's buffer goes back to its pool.</summary>
    private static ReadOnlyMemory<byte>? Copy(ReadOnlyMemory<byte>? details) => details is { } bytes ? (ReadOnlyMemory<byte>?)bytes.ToArray() : null;

    /// <param name="interval">A turn: 80 % of the heartbeat timeout.</param>
    private sealed class Pulse(ActivityId id, Connection connection, string? target, TimeSpan interval)
    {
        public ActivityId Id => id;

        public Connection Connection => connection;

        public string? Target => target;

        public TimeSpan Interval => interval;

        /// <summary>Fires at every turn until there is nothing to send.</summary>
        public ITimer? Timer { get; set; }

        public ReadOnlyMemory<byte>? Details { get; set; }

        /// <summary>A heartbeat came since the last one was sent.</summary>
        public bool Waiting { get; set; }

        public bool Sending { get; set; }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "The heartbeat of {ActivityId} was not taken by {Connection}: {Answer}.")]
        public static partial void NotTaken(ILogger logger, ActivityId activityId, string connection, string answer);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The heartbeat of {ActivityId} was not passed on to {Connection}: {Exception}.")]
        public static partial void Lost(ILogger logger, ActivityId activityId, string connection, string exception);

        [LoggerMessage(Level = LogLevel.Information, Message = "{ActivityId} was closed because its engine waits for it no more: {Why}.")]
        public static partial void Closed(ILogger logger, ActivityId activityId, string why);
    }
}
