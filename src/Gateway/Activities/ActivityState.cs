namespace Gateway.Activities;

/// <summary>Where an activity stands. Everything but <see cref="Pending"/> is an end; a closed activity never changes again.</summary>
/// <remarks>The numbers are stored: never renumber.</remarks>
internal enum ActivityState
{
    Pending = 0,
    Completed = 1,
    Failed = 2,
    Canceled = 3,
    TimedOut = 4,
}

/// <summary>Who closed an activity. The numbers are stored: never renumber.</summary>
internal enum ClosedBy
{
    /// <summary>Somebody outside, with a task token.</summary>
    Token = 1,

    /// <summary>The runner, with its API key.</summary>
    Runner = 2,

    /// <summary>A deadline that fell due.</summary>
    Timeout = 3,

    /// <summary>The registration of a higher attempt.</summary>
    Superseded = 4,

    /// <summary>The workflow engine, which waits for the activity no more.</summary>
    Engine = 5,
}

/// <summary>What a task token may do. The bits stand in every token: never renumber.</summary>
[Flags]
internal enum Capabilities : byte
{
    None = 0,
    Complete = 1,
    Fail = 2,
    Heartbeat = 4,
    Cancel = 8,
    Read = 16,
    All = Complete | Fail | Heartbeat | Cancel | Read,
}
