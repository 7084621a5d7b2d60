using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Gateway.Resumption.Connections;
using Gateway.Resumption.Connections.Grpc;
using Google.Protobuf;

namespace Gateway.Resumption.Temporal;

/// <summary>
/// Temporal's HTTP API. The server's version decides between two sets of routes; one that was upgraded or rolled back meanwhile
/// is noticed by its answer, which is without effect, and asked again the other way once.
/// </summary>
internal sealed class TemporalHttp(HttpMessageInvoker http, TemporalOptions options) : ITemporalTransport
{
    /// <summary>Only this form takes payloads byte for byte; the plain one reads arrays as a shorthand and writes numbers anew.</summary>
    private const string MediaType = "application/json+no-payload-shorthand";

    private volatile TemporalRouteStyle? style = options.Routes switch
    {
        TemporalRoutes.Modern => new TemporalRouteStyle(TemporalRoutes.Modern),
        TemporalRoutes.Legacy => new TemporalRouteStyle(TemporalRoutes.Legacy),
        _ => null,
    };

    public async Task<EngineReply> CallAsync(TemporalMessage message, CancellationToken cancellationToken)
    {
        if (style is null && await LearnAsync(cancellationToken) is { } noStyle)
        {
            return noStyle;
        }

        var used = style!;
        var reply = await SendAsync(message, used, cancellationToken);
        if (!TemporalRouteStyle.IsMismatch(reply) || options.Routes is not TemporalRoutes.Auto)
        {
            return reply;
        }

        var other = used.Other();
        var again = await SendAsync(message, other, cancellationToken);
        style = TemporalRouteStyle.IsMismatch(again) ? null : other;
        return again;
    }

    public async Task<EngineReply> ProbeAsync(CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, EngineHttp.Below(options.Url, "/api/v1/system-info"));
        return Read(await http.CallAsync(Prepare(request), cancellationToken));
    }

    public bool IsCancelRequested(EngineReply reply)
    {
        using var document = JsonDocument.Parse(reply.Body);
        return document.RootElement.TryGetProperty("cancelRequested", out var asked) && asked.ValueKind is JsonValueKind.True;
    }

    public void Dispose() => http.Dispose();

    /// <summary>Null once the style is known; else the answer that stands for the call.</summary>
    private async Task<EngineReply?> LearnAsync(CancellationToken cancellationToken)
    {
        var info = await ProbeAsync(cancellationToken);
        if (info.Code != Codes.Ok)
        {
            return info;
        }

        using var document = JsonDocument.Parse(info.Body);
        var version = document.RootElement.TryGetProperty("serverVersion", out var text) ? text.ToString() : "";
        style = TemporalRouteStyle.Of(version);
        return style is null
            ? new EngineReply(
                Codes.Unimplemented, $"Temporal {version} cannot complete activities over HTTP; use transport grpc", [], default)
            : null;
    }

    private async Task<EngineReply> SendAsync(TemporalMessage message, TemporalRouteStyle routes, CancellationToken cancellationToken)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(JsonFormatter.Default.Format(routes.Known(message.Message))));
        content.Headers.TryAddWithoutValidation("Content-Type", MediaType);
        var request = new HttpRequestMessage(HttpMethod.Post, EngineHttp.Below(options.Url, routes.Path(message))) { Content = content };
        return Read(await http.CallAsync(Prepare(request), cancellationToken));
    }

    private HttpRequestMessage Prepare(HttpRequestMessage request)
    {
        request.Headers.TryAddWithoutValidation("Accept", MediaType);
        request.Headers.Authorization = options.ApiKey is { } key ? new AuthenticationHeaderValue("Bearer", key) : null;
        return request;
    }

    /// <summary>
    /// An error is a google.rpc.Status as JSON, and its own code counts: HTTP's 400 stands for two of them. The answer's content
    /// type is not looked at, it may be <c>*</c>.
    /// </summary>
    private static EngineReply Read(HttpAnswer answer)
    {
        if (answer.Code is >= 200 and < 300)
        {
            return new EngineReply(Codes.Ok, "", [], answer.Body);
        }

        try
        {
            using var document = JsonDocument.Parse(answer.Body);
            var error = document.RootElement;
            var details = error.TryGetProperty("details", out var list)
                ? list.EnumerateArray().Select(detail => GrpcStatus.TypeName(detail.GetProperty("@type").GetString()!)).ToArray() : [];
            return new EngineReply(
                error.GetProperty("code").GetInt32(), error.TryGetProperty("message", out var text) ? text.ToString() : "", details, answer.Body);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            return new EngineReply(HttpCodes.Of(answer.Code), $"HTTP {answer.Code} without an error document", [], default, FromEngine: false);
        }
    }
}
