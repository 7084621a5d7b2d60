using System.Text;
using System.Text.Json;
using Gateway.Tests.Resumption.Connections;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;

namespace Gateway.Tests.Resumption.Cadence;

/// <summary>A Cadence frontend as the notes on its wire describe it: one state behind YARPC's HTTP and gRPC.</summary>
internal sealed class FakeCadence : IAsyncDisposable
{
    public const string Details = "uber.cadence.api.v1.";

    private readonly FakeServer server;

    private FakeCadence(FakeServer server) => this.server = server;

    public Uri Http => server.Http;

    public Uri Grpc => server.Grpc;

    /// <summary>False: the operator has not listed the WorkerAPI's procedures.</summary>
    public bool Listed { get; set; } = true;

    /// <summary>Answers every call but the probe like this.</summary>
    public FakeReply? Forced { get; set; }

    public FakeFault Fault { get; set; }

    public List<FakeCadenceActivity> Activities { get; } = [];

    public List<(string Procedure, byte[] Body, IHeaderDictionary Headers)> Calls { get; } = [];

    public static async Task<FakeCadence> StartAsync()
    {
        FakeCadence? cadence = null;
        var server = await FakeServer.StartAsync(context => cadence!.AnswerAsync(context));
        return cadence = new FakeCadence(server);
    }

    public FakeCadenceActivity Add(string workflowId = "order-42", int maxAttempts = 1)
    {
        var activity = new FakeCadenceActivity { WorkflowId = workflowId, MaxAttempts = maxAttempts };
        Activities.Add(activity);
        return activity;
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var body = await FakeServer.ReadAsync(context);
        var fault = Fault;
        if (fault is FakeFault.ResetBefore)
        {
            Fault = FakeFault.None;
            context.Abort();
            return;
        }

        if (FakeServer.IsGrpc(context))
        {
            var reply = ByGrpc(context, FakeGrpc.Message(body));
            Break(context, fault);
            // Unlike grpc-go, YARPC sends an empty message before the trailers of an error.
            await FakeGrpc.WriteAsync(context, reply, Details, trailersOnly: false);
            return;
        }

        await ByHttpAsync(context, body, fault);
    }

    private void Break(HttpContext context, FakeFault fault)
    {
        if (fault is FakeFault.ResetAfter)
        {
            Fault = FakeFault.None;
            context.Abort();
        }
    }

    private FakeReply ByGrpc(HttpContext context, byte[] message)
    {
        var headers = context.Request.Headers;
        var missing = new[] { "rpc-caller", "rpc-service", "rpc-encoding" }.Where(name => headers[name].Count == 0).ToList();
        if (missing.Count > 0)
        {
            return new FakeReply(3, $"missing {string.Join(", ", missing)}");
        }

        if (headers.Any(header => header.Value.Count > 1))
        {
            return new FakeReply(3, "header has more than one value");
        }

        if (headers["grpc-timeout"].Count == 0)
        {
            return new FakeReply(3, "missing TTL");
        }

        var path = context.Request.Path.Value!;
        if (path == "/uber.cadence.api.v1.MetaAPI/Health")
        {
            return FakeReply.Ok();
        }

        Calls.Add((path, message, FakeServer.Copy(headers)));
        var method = path.StartsWith("/uber.cadence.api.v1.WorkerAPI/", StringComparison.Ordinal) ? path.Split('/')[^1] : "";
        return FakeCadenceState.Methods.TryGetValue(method, out var parser)
            ? FakeCadenceState.Apply(this, parser.ParseFrom(message))
            : new FakeReply(12, $"unrecognized procedure \"{path}\" for service \"cadence-frontend\"");
    }

    private async Task ByHttpAsync(HttpContext context, byte[] body, FakeFault fault)
    {
        var headers = context.Request.Headers;
        var procedure = headers["Rpc-Procedure"].ToString();
        if (!Listed)
        {
            context.Response.StatusCode = 404;
            await context.Response.WriteAsync("404 page not found\n");
            return;
        }

        Calls.Add((procedure, body, FakeServer.Copy(headers)));
        context.Response.Headers["Rpc-Service"] = "cadence-frontend";
        await FakeCadenceHttp.WriteAsync(context, FakeCadenceHttp.Decide(this, headers, procedure, body), () => Break(context, fault));
    }
}

/// <summary>YARPC's manners over HTTP.</summary>
internal static class FakeCadenceHttp
{
    private static readonly Dictionary<int, (int Status, string Name)> Codes = new()
    {
        [1] = (499, "cancelled"),
        [2] = (500, "unknown"),
        [3] = (400, "invalid-argument"),
        [4] = (504, "deadline-exceeded"),
        [5] = (404, "not-found"),
        [7] = (403, "permission-denied"),
        [8] = (429, "resource-exhausted"),
        [9] = (400, "failed-precondition"),
        [10] = (409, "aborted"),
        [12] = (501, "unimplemented"),
        [13] = (500, "internal"),
        [14] = (503, "unavailable"),
        [16] = (401, "unauthenticated"),
    };

    public static FakeReply Decide(FakeCadence cadence, IHeaderDictionary headers, string procedure, byte[] body)
    {
        var missing = new[] { "Rpc-Caller", "Rpc-Service", "Rpc-Encoding" }.Where(name => headers[name].Count == 0).ToList();
        if (missing.Count > 0)
        {
            return new FakeReply(3, $"missing {string.Join(", ", missing)}");
        }

        if (headers["Rpc-Service"] != "cadence-frontend" || headers["Rpc-Encoding"] != "json")
        {
            return new FakeReply(12, "unrecognized service or encoding");
        }

        if (!int.TryParse(headers["Context-TTL-MS"], out var ttl) || ttl < 0)
        {
            return new FakeReply(3, "missing TTL");
        }

        const string Worker = "uber.cadence.api.v1.WorkerAPI::";
        if (procedure == "uber.cadence.api.v1.MetaAPI::Health")
        {
            return FakeReply.Ok();
        }

        if (!procedure.StartsWith(Worker, StringComparison.Ordinal) || !FakeCadenceState.Methods.TryGetValue(procedure[Worker.Length..], out var parser))
        {
            return new FakeReply(12, $"unrecognized procedure \"{procedure}\"");
        }

        try
        {
            return FakeCadenceState.Apply(cadence, parser.ParseJson(Encoding.UTF8.GetString(body)));
        }
        catch (InvalidProtocolBufferException exception)
        {
            return new FakeReply(3, exception.Message);
        }
    }

    public static async Task WriteAsync(HttpContext context, FakeReply reply, Action beforeAnswer)
    {
        beforeAnswer();
        var response = context.Response;
        response.Headers["Rpc-Status"] = reply.Detail is null ? "success" : "error";
        if (reply.Code == 0)
        {
            response.ContentType = "application/json";
            await response.WriteAsync(reply.Body is { } body ? JsonFormatter.Default.Format(body) : "{}");
            return;
        }

        (response.StatusCode, var name) = Codes[reply.Code];
        response.Headers["Rpc-Error-Code"] = name;
        if (reply.Detail is { } detail)
        {
            response.Headers["Rpc-Application-Error-Name"] = detail;
        }

        if (context.Request.Headers["Rpc-Accepts-Both-Response-Error"] != "true")
        {
            response.ContentType = "text/plain; charset=utf8";
            await response.WriteAsync(reply.Message + "\n");
            return;
        }

        response.Headers["Rpc-Both-Response-Error"] = "true";
        response.Headers["Rpc-Error-Message"] = reply.Message;
        var error = new Dictionary<string, object> { ["code"] = reply.Code, ["message"] = reply.Message };
        if (reply.Detail is { } type)
        {
            error["details"] = new[] { new Dictionary<string, string> { ["@type"] = $"type.googleapis.com/{FakeCadence.Details}{type}" } };
        }

        await response.WriteAsync(JsonSerializer.Serialize(error));
    }
}
