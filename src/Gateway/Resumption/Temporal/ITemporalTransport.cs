using Gateway.Resumption.Connections;

namespace Gateway.Resumption.Temporal;

/// <summary>One of the two ways to a Temporal server.</summary>
internal interface ITemporalTransport : IDisposable
{
    Task<EngineReply> CallAsync(TemporalMessage message, CancellationToken cancellationToken);

    /// <summary>Asks for the server's version: without effect, and exempt from authorization.</summary>
    Task<EngineReply> ProbeAsync(CancellationToken cancellationToken);

    /// <summary>Whether the answer to a heartbeat says that the workflow asks the activity to stop.</summary>
    bool IsCancelRequested(EngineReply reply);
}
