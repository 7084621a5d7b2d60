using Gateway.Resumption.Connections;
using Gateway.Resumption.Connections.Grpc;
using Gateway.Resumption.Temporal.Messages;

namespace Gateway.Resumption.Temporal;

/// <summary>Temporal's WorkflowService over gRPC.</summary>
internal sealed class TemporalGrpc(GrpcClient grpc) : ITemporalTransport
{
    private const string Service = "/temporal.api.workflowservice.v1.WorkflowService/";

    public static GrpcClient Client(HttpMessageInvoker http, TemporalOptions options) => new(
        http, options, options.ApiKey is { } key ? [new("authorization", $"Bearer {key}")] : []);

    public Task<EngineReply> CallAsync(TemporalMessage message, CancellationToken cancellationToken) =>
        // Temporal Cloud routes by this metadata.
        grpc.CallAsync(Service + Method(message), message.Message, cancellationToken, new KeyValuePair<string, string>("temporal-namespace", message.Namespace));

    public Task<EngineReply> ProbeAsync(CancellationToken cancellationToken) =>
        grpc.CallAsync(Service + "GetSystemInfo", new GetSystemInfoRequest(), cancellationToken);

    public bool IsCancelRequested(EngineReply reply) => RecordActivityTaskHeartbeatResponse.Parser.ParseFrom(reply.Body.Span).CancelRequested;

    public void Dispose() => grpc.Dispose();

    private static string Method(TemporalMessage message) => message.Call switch
    {
        TemporalCall.Complete => "RespondActivityTaskCompleted",
        TemporalCall.Fail => "RespondActivityTaskFailed",
        TemporalCall.Cancel => "RespondActivityTaskCanceled",
        TemporalCall.Heartbeat => "RecordActivityTaskHeartbeat",
        _ => throw new System.Diagnostics.UnreachableException(),
    } + (message.ById ? "ById" : "");
}
