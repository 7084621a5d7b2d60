using Gateway.Activities;

namespace Gateway.Resumption.Connections;

/// <summary>One configured engine: every call the gateway makes on it.</summary>
/// <remarks>Faults of the transport and the end of the time come as exceptions; the connection turns them into answers.</remarks>
internal interface IEngine : IDisposable
{
    /// <summary>Largest result, failure or details in bytes that the engine keeps whole; null where it has no limit of its own.</summary>
    int? LargestBody { get; }

    /// <summary>Hands a closed activity over.</summary>
    Task<EngineAnswer> ResumeAsync(ClosedActivity outcome, string? options, CancellationToken cancellationToken);

    /// <summary>False where the engine knows no signs of life.</summary>
    bool TakesHeartbeats { get; }

    /// <summary>Passes a sign of life on.</summary>
    Task<EngineAnswer> HeartbeatAsync(ActivityId id, string? options, ReadOnlyMemory<byte>? details, CancellationToken cancellationToken);

    /// <summary>A call without effect that shows whether the engine answers.</summary>
    Task<EngineAnswer> ProbeAsync(CancellationToken cancellationToken);
}

/// <summary>Makes the engines of one kind.</summary>
internal interface IEngineKind
{
    ResumeKind Kind { get; }

    /// <exception cref="StartupException">The section is wrong; the message names the key.</exception>
    (ConnectionOptions Options, IEngine Engine) Connect(ConnectionSection section);
}
