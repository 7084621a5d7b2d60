using System.Globalization;
using System.Text;
using Gateway.Resumption.Connections;
using Gateway.Resumption.Temporal.Messages;
using Google.Protobuf;

namespace Gateway.Resumption.Temporal;

/// <summary>The HTTP routes of one generation of servers, and the fields they know: an unknown one is an error.</summary>
/// <param name="KnowsRetryDelay"><c>nextRetryDelay</c> came with server 1.23.</param>
internal sealed record TemporalRouteStyle(TemporalRoutes Routes, bool KnowsRetryDelay = true)
{
    /// <summary>Null for a server that has no usable routes: 1.30.0 has the old ones and answers them as something else.</summary>
    public static TemporalRouteStyle? Of(string serverVersion)
    {
        var numbers = serverVersion.Split('-', '+')[0].Split('.');
        var parts = numbers.Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1)
            .Concat([0, 0, 0]).Take(3).ToArray();
        return (parts[0], parts[1], parts[2]) switch
        {
            ( < 0, _, _) => new TemporalRouteStyle(TemporalRoutes.Modern),
            (1, 30, 0) => null,
            (1, < 22, _) or (0, _, _) => null,
            (1, < 30, _) => new TemporalRouteStyle(TemporalRoutes.Legacy, parts[1] >= 23),
            _ => new TemporalRouteStyle(TemporalRoutes.Modern),
        };
    }

    /// <summary>The route is not the server's: neither answer has an effect.</summary>
    public static bool IsMismatch(EngineReply reply) => IsUnknownToken(reply) || IsUnknownRoute(reply);

    /// <summary>An old URL on a new server lands in another call, which refuses the first field it does not know.</summary>
    public static bool IsUnknownToken(EngineReply reply) =>
        reply.Code == Codes.InvalidArgument && reply.Message.Contains("unknown field \"taskToken\"", StringComparison.Ordinal);

    /// <summary>A dead token is 404 with code 5 too; only an unknown URL has no details.</summary>
    public static bool IsUnknownRoute(EngineReply reply) =>
        reply is { Code: Codes.NotFound, Message: "Not Found", Details.Count: 0 };

    public TemporalRouteStyle Other() => Routes is TemporalRoutes.Modern
        ? new TemporalRouteStyle(TemporalRoutes.Legacy)
        : new TemporalRouteStyle(TemporalRoutes.Modern);

    /// <summary>With <c>/api/v1</c>: that form exists in every version.</summary>
    public string Path(TemporalMessage message)
    {
        var path = new StringBuilder("/api/v1/namespaces/").Append(Uri.EscapeDataString(message.Namespace));
        return Routes is TemporalRoutes.Legacy
            ? path.Append("/activities/").Append(Legacy(message.Call)).Append(message.ById ? "-by-id" : "").ToString()
            : Modern(path, message);
    }

    /// <summary>The message without what the server does not know yet.</summary>
    public IMessage Known(IMessage message)
    {
        if (!KnowsRetryDelay)
        {
            var failure = (message as RespondActivityTaskFailedRequest)?.Failure ?? (message as RespondActivityTaskFailedByIdRequest)?.Failure;
            failure?.ApplicationFailureInfo.NextRetryDelay = null;
        }

        return message;
    }

    private static string Modern(StringBuilder path, TemporalMessage message)
    {
        if (!message.ById)
        {
            return path.Append("/activity-").Append(message.Call is TemporalCall.Cancel ? "resolve-as-canceled" : Legacy(message.Call)).ToString();
        }

        var target = message.Target;
        // A slash never matches inside a segment, escaped or not; the route without the workflow reads its id from the body.
        if (!target.WorkflowId!.Contains('/', StringComparison.Ordinal))
        {
            path.Append("/workflows/").Append(Uri.EscapeDataString(target.WorkflowId));
        }

        return path.Append("/activities/").Append(Uri.EscapeDataString(target.ActivityId!)).Append('/')
            .Append(message.Call is TemporalCall.Cancel ? "resolve-as-canceled" : Legacy(message.Call)).ToString();
    }

    private static string Legacy(TemporalCall call) => call switch
    {
        TemporalCall.Complete => "complete",
        TemporalCall.Fail => "fail",
        TemporalCall.Cancel => "cancel",
        TemporalCall.Heartbeat => "heartbeat",
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
