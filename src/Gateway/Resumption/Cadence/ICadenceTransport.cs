using Gateway.Resumption.Connections;

namespace Gateway.Resumption.Cadence;

/// <summary>One of the two ways to a Cadence frontend.</summary>
internal interface ICadenceTransport : IDisposable
{
    Task<EngineReply> CallAsync(CadenceMessage message, CancellationToken cancellationToken);

    /// <summary>Asks whether the frontend serves.</summary>
    Task<EngineReply> ProbeAsync(CancellationToken cancellationToken);

    /// <summary>Whether the answer to a heartbeat says that the workflow asks the activity to stop.</summary>
    bool IsCancelRequested(EngineReply reply);
}
