using System.Globalization;
using System.Text;
using System.Text.Json;
using Gateway.Resumption.Cadence.Messages;
using Gateway.Resumption.Connections;
using Google.Protobuf;

namespace Gateway.Resumption.Cadence;

/// <summary>Cadence's WorkerAPI over YARPC's HTTP: one address, the procedure in a header, the message as JSON.</summary>
internal sealed class CadenceHttp(HttpMessageInvoker http, CadenceOptions options) : ICadenceTransport
{
    public Task<EngineReply> CallAsync(CadenceMessage message, CancellationToken cancellationToken) =>
        CallAsync($"uber.cadence.api.v1.WorkerAPI::{message.Method}", message.Message, cancellationToken);

    public Task<EngineReply> ProbeAsync(CancellationToken cancellationToken) =>
        CallAsync("uber.cadence.api.v1.MetaAPI::Health", new HealthRequest(), cancellationToken);

    public bool IsCancelRequested(EngineReply reply)
    {
        using var document = JsonDocument.Parse(reply.Body);
        return document.RootElement.TryGetProperty("cancelRequested", out var asked) && asked.ValueKind is JsonValueKind.True;
    }

    public void Dispose() => http.Dispose();

    private async Task<EngineReply> CallAsync(string procedure, IMessage message, CancellationToken cancellationToken)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(JsonFormatter.Default.Format(message)));
        content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        var request = new HttpRequestMessage(HttpMethod.Post, EngineHttp.Below(options.Url, "/")) { Content = content };
        request.Headers.TryAddWithoutValidation("Rpc-Caller", EngineIdentity.Gateway);
        request.Headers.TryAddWithoutValidation("Rpc-Service", "cadence-frontend");
        request.Headers.TryAddWithoutValidation("Rpc-Encoding", "json");
        request.Headers.TryAddWithoutValidation("Rpc-Procedure", procedure);
        request.Headers.TryAddWithoutValidation("Context-TTL-MS", (options.TimeoutSeconds * 1000).ToString(CultureInfo.InvariantCulture));
        request.Headers.TryAddWithoutValidation("Rpc-Accepts-Both-Response-Error", "true");
        if (options.Token is { } token)
        {
            request.Headers.TryAddWithoutValidation("Rpc-Header-cadence-authorization", token);
        }

        return Read(await http.CallAsync(request, cancellationToken));
    }

    /// <summary>
    /// Status <c>Rpc-Status</c> is "success" for errors of the transport, so the code counts. An answer without one comes from
    /// something before the dispatcher: 404 then means that the procedure is not on the server's list.
    /// </summary>
    private static EngineReply Read(HttpAnswer answer)
    {
        if (answer.Code is >= 200 and < 300)
        {
            return new EngineReply(Codes.Ok, "", [], answer.Body);
        }

        if (answer.Header("Rpc-Error-Code") is not { } name)
        {
            var why = answer.Code == 404 ? "HTTP 404: the procedure is not listed in the server's rpc.http.procedures" : $"HTTP {answer.Code}";
            return new EngineReply(HttpCodes.Of(answer.Code), why, [], default, FromEngine: false);
        }

        string[] details = answer.Header("Rpc-Application-Error-Name") is { Length: > 0 } error ? [error] : [];
        var message = answer.Header("Rpc-Error-Message") ?? EngineText.Message(answer.Body) ?? Encoding.UTF8.GetString(answer.Body.Span).Trim();
        return new EngineReply(Code(name), message, details, answer.Body);
    }

    private static int Code(string name) => name switch
    {
        "cancelled" => Codes.Canceled,
        "invalid-argument" => Codes.InvalidArgument,
        "deadline-exceeded" => Codes.DeadlineExceeded,
        "not-found" => Codes.NotFound,
        "permission-denied" => Codes.PermissionDenied,
        "resource-exhausted" => Codes.ResourceExhausted,
        "failed-precondition" => Codes.FailedPrecondition,
        "aborted" => Codes.Aborted,
        "unimplemented" => Codes.Unimplemented,
        "internal" => Codes.Internal,
        "unavailable" => Codes.Unavailable,
        "unauthenticated" => Codes.Unauthenticated,
        _ => Codes.Unknown,
    };
}
