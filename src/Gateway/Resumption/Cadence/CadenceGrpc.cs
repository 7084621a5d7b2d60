using Gateway.Resumption.Cadence.Messages;
using Gateway.Resumption.Connections;
using Gateway.Resumption.Connections.Grpc;

namespace Gateway.Resumption.Cadence;

/// <summary>Cadence's WorkerAPI over gRPC, with the metadata YARPC asks for: each exactly once, or the call is refused.</summary>
internal sealed class CadenceGrpc(GrpcClient grpc) : ICadenceTransport
{
    public static GrpcClient Client(HttpMessageInvoker http, CadenceOptions options)
    {
        List<KeyValuePair<string, string>> metadata =
        [
            new("rpc-caller", EngineIdentity.Gateway),
            new("rpc-service", "cadence-frontend"),
            new("rpc-encoding", "proto"),
        ];
        if (options.Token is { } token)
        {
            metadata.Add(new("cadence-authorization", token));
        }

        return new GrpcClient(http, options, metadata);
    }

    public Task<EngineReply> CallAsync(CadenceMessage message, CancellationToken cancellationToken) =>
        grpc.CallAsync($"/uber.cadence.api.v1.WorkerAPI/{message.Method}", message.Message, cancellationToken);

    public Task<EngineReply> ProbeAsync(CancellationToken cancellationToken) =>
        grpc.CallAsync("/uber.cadence.api.v1.MetaAPI/Health", new HealthRequest(), cancellationToken);

    public bool IsCancelRequested(EngineReply reply) => RecordActivityTaskHeartbeatResponse.Parser.ParseFrom(reply.Body.Span).CancelRequested;

    public void Dispose() => grpc.Dispose();
}
