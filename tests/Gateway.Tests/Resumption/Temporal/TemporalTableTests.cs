using Gateway.Activities;
using Gateway.Resumption;
using Gateway.Resumption.Connections;
using Gateway.Resumption.Temporal;
using Gateway.Tests.Resumption.Connections;
using Gateway.Tests.Support;

namespace Gateway.Tests.Resumption.Temporal;

/// <summary>Every row of Temporal's error table, over both transports and real sockets.</summary>
public sealed class TemporalTableTests : IAsyncLifetime
{
    private readonly ManualTime time = new();
    private FakeTemporal temporal = null!;

    public async Task InitializeAsync() => temporal = await FakeTemporal.StartAsync();

    public async Task DisposeAsync() => await temporal.DisposeAsync();

    public static TheoryData<string, int, string, string?, string> Rows()
    {
        (int Code, string Message, string? Detail, string Expected)[] rows =
        [
            (3, "Task token not set on request.", null, "rejected"),
            (3, "Error deserializing task token.", null, "rejected"),
            (2, "unexpected EOF", null, "retry, may have arrived"),
            (3, "Namespace not set on request.", null, "rejected"),
            (5, "Namespace 32049b68-7872-4094-8e63-d0dd59896a83 is not found.", "NamespaceNotFoundFailure", "hold"),
            (5, "Namespace default is not found.", "NamespaceNotFoundFailure", "hold"),
            (3, "Operation requested with a token from a different namespace.", null, "rejected"),
            (5, "invalid activityID or activity already timed out or invoking workflow is completed", "NotFoundFailure", "rejected"),
            (5, "workflow execution already completed", "NotFoundFailure", "rejected"),
            (5, "workflow execution not found for workflow ID \"w\" and run ID \"r\"", "NotFoundFailure", "rejected"),
            (5, "workflow not found for ID: w", "NotFoundFailure", "rejected"),
            (5, "cannot find pending activity with ActivityID X, check workflow execution history for more details", "NotFoundFailure", "rejected"),
            (5, "stale reference", "NotFoundFailure", "rejected"),
            (3, "Failure must have ApplicationFailureInfo.", null, "rejected"),
            (3, "Identity length exceeds limit.", null, "rejected"),
            (12, "Standalone activity is disabled", null, "hold"),
            (3, "proto: (line 1:2): unknown field \"x\"", null, "rejected"),
            (3, "http: request body too large", null, "rejected"),
            (3, "proto: (line 1:2): unknown field \"taskToken\"", null, "hold"),
            (5, "Not Found", null, "hold"),
            (12, "Method Not Allowed", null, "hold"),
            (7, "Request unauthorized.", "PermissionDeniedFailure", "hold"),
            (7, "Host not allowed", null, "hold"),
            (16, "invalid API key", null, "hold"),
            (8, "namespace rate limit exceeded", "ResourceExhaustedFailure", "retry"),
            (8, "service rate limit exceeded", "ResourceExhaustedFailure", "retry"),
            (8, "Workflow is busy.", "ResourceExhaustedFailure", "retry"),
            (8, "grpc: received message larger than max (5000000 vs. 4194304)", null, "rejected"),
            (9, "Namespace: default is active in cluster: b", "NamespaceNotActiveFailure", "hold"),
            (9, "Namespace has invalid state: Deleted", "NamespaceInvalidStateFailure", "hold"),
            (14, "Namespace replication in Handover state.", null, "retry, may have arrived"),
            (14, "shard unavailable, please backoff and retry", null, "retry, may have arrived"),
            (13, "something went wrong, please retry (1a2b)", null, "retry, may have arrived"),
            (2, "something went wrong, please retry (1a2b)", null, "retry, may have arrived"),
            (4, "context deadline exceeded", null, "retry, may have arrived"),
            (1, "context canceled", null, "retry, may have arrived"),
            (10, "conflict", null, "retry"),
        ];
        var data = new TheoryData<string, int, string, string?, string>();
        foreach (var (code, message, detail, expected) in rows)
        {
            data.Add("Http", code, message, detail, expected);
            data.Add("Grpc", code, message, detail, expected);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Code_and_details_decide_together(string transport, int code, string message, string? detail, string expected)
    {
        using var registry = Registry(transport);
        temporal.Forced = new FakeReply(code, message, detail);

        var result = await registry.ResumeAsync(Outcomes.Completed(), Target());

        Assert.Equal(expected, Named(result));
        Assert.Equal($"code {code}: {message}", result.Text);
    }

    [Theory]
    [InlineData("Http")]
    [InlineData("Grpc")]
    public async Task Not_found_after_an_attempt_of_unknown_result_is_settled_and_ambiguous(string transport)
    {
        using var registry = Registry(transport);
        var (activity, outcome) = (temporal.Add(), Outcomes.Completed());
        var target = new TemporalTarget(TaskToken: activity.Token()).On(TestConnection.Name);

        temporal.Fault = FakeFault.ResetAfter;
        var lost = await registry.ResumeAsync(outcome, target);
        var second = await registry.ResumeAsync(outcome, target, earlierMayHaveArrived: true);

        Assert.True(lost is ResumeResult.Retry { MayHaveArrived: true }, lost.ToString());
        Assert.IsType<ResumeResult.SettledAmbiguous>(second);
        Assert.Contains($"callback-gateway/{outcome.Id}", second.Text, StringComparison.Ordinal);
        Assert.Equal("completed", Assert.Single(activity.Log).Kind);
    }

    [Theory]
    [InlineData("Http")]
    [InlineData("Grpc")]
    public async Task A_connection_lost_before_the_call_took_effect_is_tried_again(string transport)
    {
        using var registry = Registry(transport);
        var activity = temporal.Add();
        var target = new TemporalTarget(TaskToken: activity.Token()).On(TestConnection.Name);

        temporal.Fault = FakeFault.ResetBefore;
        Assert.IsType<ResumeResult.Retry>(await registry.ResumeAsync(Outcomes.Completed(), target));

        Assert.IsType<ResumeResult.Delivered>(await registry.ResumeAsync(Outcomes.Completed(), target, earlierMayHaveArrived: true));
    }

    [Theory]
    [InlineData("Http")]
    [InlineData("Grpc")]
    public async Task A_server_that_does_not_answer_costs_one_timeout(string transport)
    {
        using var registry = Registry(transport);
        var activity = temporal.Add();
        temporal.Fault = FakeFault.Hang;

        var attempt = registry.ResumeAsync(Outcomes.Completed(), new TemporalTarget(TaskToken: activity.Token()).On(TestConnection.Name));
        await temporal.Hanging.Task.WaitAsync(TimeSpan.FromSeconds(30));
        time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(new ResumeResult.Retry("no answer within 10 s", null, MayHaveArrived: true), await attempt);
        Assert.Equal("down", registry.Find(ResumeKind.Temporal, TestConnection.Name)!.State.Status.Status);
    }

    /// <summary>The words of the table: what becomes of the outcome.</summary>
    private static string Named(ResumeResult result) => result switch
    {
        ResumeResult.Retry { After: not null } => "hold",
        ResumeResult.Retry { MayHaveArrived: true } => "retry, may have arrived",
        ResumeResult.Retry => "retry",
        ResumeResult.Rejected => "rejected",
        _ => result.GetType().Name,
    };

    private static ResumeTarget Target() =>
        new TemporalTarget(TaskToken: Convert.FromBase64String(TemporalVectorsTests.Token)).On(TestConnection.Name);

    private ConnectionRegistry Registry(string transport) => TestConnection.Registry(
        time,
        ("Kind", "temporal"),
        ("Url", (transport == "Http" ? temporal.Http : temporal.Grpc).ToString()),
        ("Transport", transport),
        // Without a second try the other way: the rows are about one answer.
        ("Routes", "Modern"));
}
