using Gateway.Resumption.Temporal.Messages;
using Gateway.Tests.Resumption.Connections;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;

namespace Gateway.Tests.Resumption.Temporal;

/// <summary>One activity of the double.</summary>
internal sealed class FakeActivity
{
    public required string WorkflowId { get; init; }
    public string RunId { get; init; } = "7b2f9d1c-3a64-4c0e-9d55-0f6f0f2c1a11";
    public string ActivityId { get; init; } = "charge-1";
    public int Attempt { get; set; } = 1;
    public bool Started { get; set; } = true;
    public bool CancelRequested { get; set; }
    public bool WorkflowClosed { get; set; }
    public bool Closed { get; set; }
    public int MaxAttempts { get; init; } = 1;

    /// <summary>What happened to it, <c>completed</c>, <c>failed</c> and so on, with the message that said so.</summary>
    public List<(string Kind, IMessage Message)> Log { get; } = [];

    public byte[] Token(string namespaceId = FakeTemporal.NamespaceId) => new TaskTokenContent
    {
        NamespaceId = namespaceId,
        WorkflowId = WorkflowId,
        RunId = RunId,
        ScheduledEventId = 5,
        Attempt = Attempt,
        ActivityId = ActivityId,
    }.ToByteArray();
}

/// <summary>A Temporal frontend as the notes on its wire describe it: one state behind HTTP and gRPC.</summary>
internal sealed class FakeTemporal : IAsyncDisposable
{
    public const string NamespaceId = "32049b68-7872-4094-8e63-d0dd59896a83";
    public const string OtherNamespaceId = "7b2f9d1c-3a64-4c0e-9d55-0f6f0f2c1a99";
    public const string Details = "temporal.api.errordetails.v1.";

    private readonly FakeServer server;
    private readonly List<(int Count, TaskCompletionSource Reached)> waiting = [];

    private FakeTemporal(FakeServer server) => this.server = server;

    public Uri Http => server.Http;

    public Uri Grpc => server.Grpc;

    public string Version { get; set; } = "1.31.2";

    public string? Bearer { get; set; }

    public int BlobLimit { get; set; } = 2 * 1024 * 1024;

    /// <summary>Answers every call but the probe like this.</summary>
    public FakeReply? Forced { get; set; }

    /// <summary>Hits the next call.</summary>
    public FakeFault Fault { get; set; }

    /// <summary>Completes when a call took effect that is never answered.</summary>
    public TaskCompletionSource Hanging { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public List<FakeActivity> Activities { get; } = [];

    /// <summary>Every call, as it came: path or method, its message, and its headers.</summary>
    public List<(string Path, byte[] Body, IHeaderDictionary Headers)> Calls { get; } = [];

    public static async Task<FakeTemporal> StartAsync()
    {
        FakeTemporal? temporal = null;
        var server = await FakeServer.StartAsync(context => temporal!.AnswerAsync(context));
        return temporal = new FakeTemporal(server);
    }

    public FakeActivity Add(string workflowId = "order-42", int maxAttempts = 1)
    {
        var activity = new FakeActivity { WorkflowId = workflowId, MaxAttempts = maxAttempts };
        lock (Activities)
        {
            Activities.Add(activity);
        }

        return activity;
    }

    /// <summary>Waits for the so-manieth call, from 1, to take effect.</summary>
    public Task WhenCallsAsync(int count)
    {
        lock (Activities)
        {
            if (Calls.Count >= count)
            {
                return Task.CompletedTask;
            }

            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            waiting.Add((count, reached));
            return reached.Task.WaitAsync(TimeSpan.FromSeconds(30));
        }
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var body = await FakeServer.ReadAsync(context);
        if (FakeServer.IsGrpc(context))
        {
            await FakeGrpc.WriteAsync(context, await DecideAsync(context, () => ByGrpc(context, body)), Details, trailersOnly: true);
            return;
        }

        if (context.Request.Path.Value is "/api/v1/system-info" or "/system-info")
        {
            await context.Response.WriteAsync($$$"""{"serverVersion":"{{{Version}}}","capabilities":{}}""");
            return;
        }

        await FakeTemporalHttp.WriteAsync(context, await DecideAsync(context, () => FakeTemporalHttp.Read(this, context, body)));
    }

    private async Task<FakeReply> DecideAsync(HttpContext context, Func<FakeReply> apply)
    {
        var fault = Fault;
        Fault = FakeFault.None;
        if (fault is FakeFault.ResetBefore)
        {
            context.Abort();
            return FakeReply.Ok();
        }

        FakeReply reply;
        lock (Activities)
        {
            reply = apply();
            waiting.FindAll(one => one.Count <= Calls.Count).ForEach(one => one.Reached.TrySetResult());
        }

        if (fault is FakeFault.Hang)
        {
            Hanging.TrySetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        }

        if (fault is FakeFault.ResetAfter)
        {
            context.Abort();
        }

        return reply;
    }

    private FakeReply ByGrpc(HttpContext context, byte[] body)
    {
        var message = FakeGrpc.Message(body);
        var method = context.Request.Path.Value!.Split('/')[^1];
        if (!context.Request.Path.Value.StartsWith("/temporal.api.workflowservice.v1.WorkflowService/", StringComparison.Ordinal))
        {
            return new FakeReply(12, "unknown service");
        }

        if (method == "GetSystemInfo")
        {
            return FakeReply.Ok(new GetSystemInfoResponse { ServerVersion = Version });
        }

        Calls.Add((context.Request.Path.Value, message, FakeServer.Copy(context.Request.Headers)));
        Assert.Equal("trailers", context.Request.Headers.TE);
        return FakeTemporalState.Parse(method, message) is { } call
            ? FakeTemporalState.Apply(this, call, context.Request.Headers.Authorization, null)
            : new FakeReply(12, "unknown method");
    }
}
