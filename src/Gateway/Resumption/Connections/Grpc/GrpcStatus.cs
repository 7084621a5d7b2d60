using System.Globalization;
using System.Net.Http.Headers;
using Google.Protobuf;

namespace Gateway.Resumption.Connections.Grpc;

/// <summary>How a gRPC call ended: in the trailers, or among the headers where the answer has no body ("Trailers-Only").</summary>
/// <remarks>https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md</remarks>
internal static class GrpcStatus
{
    public static EngineReply Of(HttpAnswer answer)
    {
        if (!int.TryParse(Value(answer, "grpc-status"), NumberStyles.None, CultureInfo.InvariantCulture, out var code))
        {
            // Whatever answered is no gRPC server; the protocol says how its HTTP status is to be read.
            return new EngineReply(HttpCodes.Of(answer.Code), $"HTTP {answer.Code.ToString(CultureInfo.InvariantCulture)} without grpc-status", [], default, FromEngine: false);
        }

        var message = Uri.UnescapeDataString(Value(answer, "grpc-message") ?? "");
        return new EngineReply(code, message, Details(Value(answer, "grpc-status-details-bin")), GrpcFrame.Read(answer.Body));
    }

    private static string? Value(HttpAnswer answer, string name) => Value(answer.Trailers, name) ?? Value(answer.Headers, name);

    private static string? Value(HttpResponseHeaders headers, string name) =>
        headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;

    /// <summary>Base64 whose padding is optional.</summary>
    private static string[] Details(string? text)
    {
        if (text is null)
        {
            return [];
        }

        try
        {
            var bytes = Convert.FromBase64String(text.TrimEnd('=').PadRight((text.TrimEnd('=').Length + 3) / 4 * 4, '='));
            return [.. Status.Parser.ParseFrom(bytes).Details.Select(detail => TypeName(detail.TypeUrl))];
        }
        catch (Exception exception) when (exception is FormatException or InvalidProtocolBufferException)
        {
            return [];
        }
    }

    /// <summary><c>type.googleapis.com/temporal.api.errordetails.v1.NotFoundFailure</c> is a <c>NotFoundFailure</c>.</summary>
    public static string TypeName(string typeUrl) => typeUrl[(typeUrl.LastIndexOfAny(['/', '.']) + 1)..];
}
