using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Gateway.Tests.Resumption.Connections;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;

namespace Gateway.Tests.Resumption.Temporal;

/// <summary>The HTTP face of the double: both generations of routes, and the mistakes each makes of the other.</summary>
internal static partial class FakeTemporalHttp
{
    private const string MediaType = "application/json+no-payload-shorthand";

    public static FakeReply Read(FakeTemporal temporal, HttpContext context, byte[] body)
    {
        // As the server's gateway does: escapes are undone before the path is matched.
        var path = Uri.UnescapeDataString(context.Request.Path.Value!);
        temporal.Calls.Add((path, body, FakeServer.Copy(context.Request.Headers)));
        if (Match(temporal.Version, path) is not var (method, captures))
        {
            return new FakeReply(5, "Not Found");
        }

        if (!HttpMethods.IsPost(context.Request.Method))
        {
            return new FakeReply(12, "Method Not Allowed");
        }

        if (method is null)
        {
            return new FakeReply(3, "proto: (line 1:2): unknown field \"taskToken\"");
        }

        if (body.Length > 4 * 1024 * 1024)
        {
            return new FakeReply(3, "http: request body too large");
        }

        if (context.Request.ContentType != MediaType)
        {
            return new FakeReply(3, "the double reads the long form only");
        }

        try
        {
            var message = FakeTemporalState.Methods[method].ParseJson(Encoding.UTF8.GetString(body));
            foreach (var (name, value) in captures)
            {
                message.Descriptor.FindFieldByName(name)?.Accessor.SetValue(message, value);
            }

            return FakeTemporalState.Apply(temporal, message, context.Request.Headers.Authorization, captures["namespace"]);
        }
        catch (InvalidProtocolBufferException exception)
        {
            return new FakeReply(3, $"proto: {exception.Message}");
        }
    }

    public static async Task WriteAsync(HttpContext context, FakeReply reply)
    {
        context.Response.StatusCode = reply.Code switch
        {
            0 => 200,
            1 => 499,
            3 or 9 or 11 => 400,
            4 => 504,
            5 => 404,
            6 or 10 => 409,
            7 => 403,
            8 => 429,
            12 => 501,
            14 => 503,
            16 => 401,
            _ => 500,
        };
        context.Response.ContentType = MediaType;
        if (reply.Code == 0)
        {
            await context.Response.WriteAsync(reply.Body is { } body ? JsonFormatter.Default.Format(body) : "{}");
            return;
        }

        var error = new Dictionary<string, object> { ["code"] = reply.Code, ["message"] = reply.Message };
        if (reply.Detail is { } detail)
        {
            error["details"] = new[] { new Dictionary<string, string> { ["@type"] = "type.googleapis.com/" + FakeTemporal.Details + detail } };
        }

        await context.Response.WriteAsync(JsonSerializer.Serialize(error));
    }

    /// <summary>Null where no route matches; a null method where the old URL lands in another call of a new server.</summary>
    private static (string? Method, Dictionary<string, string> Captures)? Match(string version, string path)
    {
        var modern = Version.Parse(version) >= new Version(1, 30, 1);
        if (modern && ModernToken().Match(path) is { Success: true } token)
        {
            return (Name(token.Groups["verb"].Value, ""), Captures(token));
        }

        if (modern && ModernId().Match(path) is { Success: true } id)
        {
            return (Name(id.Groups["verb"].Value, "ById"), Captures(id));
        }

        if (LegacyRoute().Match(path) is not { Success: true } legacy)
        {
            return null;
        }

        var byId = legacy.Groups["byid"].Success ? "ById" : "";
        return Version.Parse(version) >= new Version(1, 30, 0)
            ? (null, Captures(legacy))
            : (Name(legacy.Groups["verb"].Value, byId), Captures(legacy));
    }

    private static string Name(string verb, string suffix) => verb switch
    {
        "complete" => "RespondActivityTaskCompleted",
        "fail" => "RespondActivityTaskFailed",
        "cancel" or "resolve-as-canceled" => "RespondActivityTaskCanceled",
        _ => "RecordActivityTaskHeartbeat",
    } + suffix;

    private static Dictionary<string, string> Captures(Match match) => match.Groups.Cast<Group>()
        .Where(group => group is { Success: true, Name: "namespace" or "workflow_id" or "activity_id" })
        .ToDictionary(group => group.Name, group => group.Value);

    [GeneratedRegex("^(/api/v1)?/namespaces/(?<namespace>[^/]+)/activity-(?<verb>complete|fail|resolve-as-canceled|heartbeat)$")]
    private static partial Regex ModernToken();

    [GeneratedRegex("^(/api/v1)?/namespaces/(?<namespace>[^/]+)(/workflows/(?<workflow_id>[^/]+))?/activities/(?<activity_id>[^/]+)/(?<verb>complete|fail|resolve-as-canceled|heartbeat)$")]
    private static partial Regex ModernId();

    [GeneratedRegex("^(/api/v1)?/namespaces/(?<namespace>[^/]+)/activities/(?<verb>complete|fail|cancel|heartbeat)(?<byid>-by-id)?$")]
    private static partial Regex LegacyRoute();
}
