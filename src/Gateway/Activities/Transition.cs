namespace Gateway.Activities;

/// <summary>An activity's answer to a requested end.</summary>
internal abstract record Transition
{
    private Transition() { }

    /// <summary>This end wins, if the activity is still pending when it is committed.</summary>
    public sealed record Applied(Closing Closing, ReadOnlyMemory<byte> Body) : Transition
    {
        public override string ToString() => $"Applied {Closing.State.Wire()}";
    }

    /// <summary>The activity is closed, by this very call: a retry, and not an error.</summary>
    public sealed record Repeated(Closing Closing) : Transition;

    /// <summary>The activity has a result or a failure already, from another call.</summary>
    public sealed record Conflicting(Closing Closing) : Transition;

    /// <summary>The activity was canceled or timed out: the call can never succeed.</summary>
    public sealed record Gone(Closing Closing) : Transition;

    /// <summary>A deadline fell due and nobody closed the activity yet: expire it first, then ask again.</summary>
    public sealed record Overdue : Transition;
}

/// <summary>An activity's answer to a heartbeat.</summary>
internal abstract record HeartbeatTransition
{
    private HeartbeatTransition() { }

    public sealed record Applied(DateTimeOffset At, DateTimeOffset? HeartbeatDeadline) : HeartbeatTransition;

    public sealed record Closed(Closing Closing) : HeartbeatTransition;

    public sealed record Overdue : HeartbeatTransition;
}
