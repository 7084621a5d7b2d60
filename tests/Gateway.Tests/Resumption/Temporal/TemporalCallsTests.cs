using Gateway.Activities;
using Gateway.Resumption;
using Gateway.Resumption.Connections;
using Gateway.Resumption.Temporal;
using Gateway.Resumption.Temporal.Messages;
using Gateway.Tests.Resumption.Connections;
using Gateway.Tests.Support;
using Google.Protobuf;

namespace Gateway.Tests.Resumption.Temporal;

/// <summary>Outcomes as they arrive at a server: by token and by ids, over both generations of HTTP routes and over gRPC.</summary>
public sealed class TemporalCallsTests : IAsyncLifetime
{
    private FakeTemporal temporal = null!;

    public async Task InitializeAsync() => temporal = await FakeTemporal.StartAsync();

    public async Task DisposeAsync() => await temporal.DisposeAsync();

    public static TheoryData<string, string, bool> Ways()
    {
        var data = new TheoryData<string, string, bool>();
        foreach (var byToken in new[] { true, false })
        {
            data.Add("Http", "1.31.2", byToken);
            data.Add("Http", "1.30.1", byToken);
            data.Add("Http", "1.29.4", byToken);
            data.Add("Http", "1.22.0", byToken);
            data.Add("Grpc", "1.21.0", byToken);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_result_arrives_byte_for_byte(string transport, string version, bool byToken)
    {
        var (registry, activity) = Start(transport, version);
        const string Result = """{"amount": 0.10, "big":1e400, "n":12345678901234567890, "<":"é"}""";
        var outcome = Outcomes.Completed(Result);

        var result = await registry.ResumeAsync(outcome, Target(activity, byToken));

        Assert.Equal(new ResumeResult.Delivered("ok"), result);
        var (kind, message) = Assert.Single(activity.Log);
        Assert.Equal("completed", kind);
        var (payloads, identity) = message is RespondActivityTaskCompletedRequest token
            ? (token.Result, token.Identity) : (((RespondActivityTaskCompletedByIdRequest)message).Result, ((RespondActivityTaskCompletedByIdRequest)message).Identity);
        Assert.Equal(Result, Assert.Single(payloads.Payloads_).Data.ToStringUtf8());
        Assert.Equal($"callback-gateway/{outcome.Id}", identity);
        registry.Dispose();
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_failure_arrives_with_type_details_and_delay(string transport, string version, bool byToken)
    {
        var (registry, activity) = Start(transport, version);
        var outcome = Outcomes.Closed(
            ActivityState.Failed,
            """{"message":"card declined","type":"PaymentDeclined","details":{"code": 1.0},"nonRetryable":true,"nextRetryDelaySeconds":30}""");

        Assert.Equal(new ResumeResult.Delivered("ok"), await registry.ResumeAsync(outcome, Target(activity, byToken)));

        var failure = FailureOf(activity);
        Assert.Equal(("card declined", "callback-gateway"), (failure.Message, failure.Source));
        var info = failure.ApplicationFailureInfo;
        Assert.Equal(("PaymentDeclined", true), (info.Type, info.NonRetryable));
        Assert.Equal("""{"code": 1.0}""", Assert.Single(info.Details.Payloads_).Data.ToStringUtf8());
        // Before 1.23 the field is unknown over HTTP, and an unknown field is an error.
        Assert.Equal(version == "1.22.0" ? null : TimeSpan.FromSeconds(30), info.NextRetryDelay?.ToTimeSpan());
        registry.Dispose();
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_cancellation_the_workflow_asked_for_is_reported_as_one(string transport, string version, bool byToken)
    {
        var (registry, activity) = Start(transport, version);
        activity.CancelRequested = true;

        var result = await registry.ResumeAsync(Outcomes.Closed(ActivityState.Canceled, "{\"at\":3}", "stop"), Target(activity, byToken));

        Assert.Equal(new ResumeResult.Delivered("ok"), result);
        Assert.Equal(["heartbeat", "canceled"], activity.Log.Select(entry => entry.Kind));
        registry.Dispose();
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_cancellation_nobody_asked_for_is_a_failure_that_says_so(string transport, string version, bool byToken)
    {
        var (registry, activity) = Start(transport, version);

        var result = await registry.ResumeAsync(Outcomes.Closed(ActivityState.Canceled, "{\"at\":3}", "stop"), Target(activity, byToken));

        Assert.Equal(new ResumeResult.Delivered("ok"), result);
        var failure = FailureOf(activity);
        Assert.Equal("CallbackCanceled", failure.ApplicationFailureInfo.Type);
        Assert.Equal("Canceled from outside; the workflow had not asked for it: stop", failure.Message);
        registry.Dispose();
    }

    [Fact]
    public async Task A_deadline_of_the_gateway_is_a_failure_and_a_superseded_attempt_is_nobodys_business()
    {
        var (registry, activity) = Start("Grpc", "1.31.2");
        var timedOut = Outcomes.Closed(ActivityState.TimedOut, "");
        var superseded = Outcomes.Closed(ActivityState.Canceled, "", "superseded");
        superseded = superseded with { Closing = superseded.Closing with { ClosedBy = ClosedBy.Superseded } };

        Assert.IsType<ResumeResult.Delivered>(await registry.ResumeAsync(superseded, Target(activity, byToken: false)));
        Assert.Empty(activity.Log);
        Assert.IsType<ResumeResult.Delivered>(await registry.ResumeAsync(timedOut, Target(activity, byToken: false)));
        Assert.Equal("CallbackTimedOut", FailureOf(activity).ApplicationFailureInfo.Type);
        registry.Dispose();
    }

    [Fact]
    public async Task Null_arrives_as_temporals_own_null()
    {
        var (registry, activity) = Start("Http", "1.31.2");

        await registry.ResumeAsync(Outcomes.Completed("null"), Target(activity, byToken: true));

        var payload = Assert.Single(((RespondActivityTaskCompletedRequest)activity.Log[0].Message).Result.Payloads_);
        Assert.Equal(("binary/null", 0), (payload.Metadata["encoding"].ToStringUtf8(), payload.Data.Length));
        registry.Dispose();
    }

    [Fact]
    public async Task Ids_with_reserved_characters_are_addressed_and_a_slash_takes_the_route_without_the_workflow()
    {
        var registry = Registry("Http");
        var (spaced, slashed) = (temporal.Add("order 42?&#é"), temporal.Add("orders/42"));

        Assert.IsType<ResumeResult.Delivered>(await registry.ResumeAsync(Outcomes.Completed(), Target(spaced, byToken: false)));
        Assert.IsType<ResumeResult.Delivered>(await registry.ResumeAsync(Outcomes.Completed(), Target(slashed, byToken: false)));

        Assert.Equal("completed", Assert.Single(spaced.Log).Kind);
        Assert.Equal("completed", Assert.Single(slashed.Log).Kind);
        Assert.Equal("/api/v1/namespaces/default/activities/charge-1/complete", temporal.Calls[^1].Path);
        registry.Dispose();
    }

    [Theory]
    [InlineData("1.29.4", "1.31.2")]
    [InlineData("1.31.2", "1.29.4")]
    public async Task A_server_that_changed_its_routes_meanwhile_is_asked_the_other_way(string before, string after)
    {
        var (registry, first) = Start("Http", before);
        Assert.IsType<ResumeResult.Delivered>(await registry.ResumeAsync(Outcomes.Completed(), Target(first, byToken: true)));

        temporal.Version = after;
        var second = temporal.Add("order-43");

        Assert.IsType<ResumeResult.Delivered>(await registry.ResumeAsync(Outcomes.Completed(), Target(second, byToken: true)));
        Assert.Equal("completed", Assert.Single(second.Log).Kind);
        registry.Dispose();
    }

    [Fact]
    public async Task A_server_whose_routes_are_of_no_use_holds_the_outcome_and_says_what_to_do()
    {
        var (registry, activity) = Start("Http", "1.30.0");

        var result = Assert.IsType<ResumeResult.Retry>(await registry.ResumeAsync(Outcomes.Completed(), Target(activity, byToken: true)));

        Assert.NotNull(result.After);
        Assert.Contains("use transport grpc", result.Reason, StringComparison.Ordinal);
        Assert.Empty(temporal.Calls);
        registry.Dispose();
    }

    [Theory]
    [InlineData("Modern", "1.29.4")]
    [InlineData("Legacy", "1.31.2")]
    public async Task Routes_that_are_configured_wrongly_hold_the_outcome(string routes, string version)
    {
        temporal.Version = version;
        var activity = temporal.Add();
        var registry = Registry("Http", ("Routes", routes));

        var result = await registry.ResumeAsync(Outcomes.Completed(), Target(activity, byToken: true));

        Assert.True(result is ResumeResult.Retry { After: not null }, result.ToString());
        Assert.Empty(activity.Log);
        registry.Dispose();
    }

    [Theory]
    [InlineData("Http")]
    [InlineData("Grpc")]
    public async Task The_api_key_is_sent_and_a_wrong_one_holds_the_outcome(string transport)
    {
        temporal.Bearer = "key-1";
        var activity = temporal.Add();
        using var wrong = Registry(transport, ("ApiKey", "key-2"));
        using var right = Registry(transport, ("ApiKey", "key-1"));

        var held = await wrong.ResumeAsync(Outcomes.Completed(), Target(activity, byToken: true));

        Assert.True(held is ResumeResult.Retry { After: not null }, held.ToString());
        Assert.DoesNotContain("key-2", held.Text, StringComparison.Ordinal);
        Assert.IsType<ResumeResult.Delivered>(await right.ResumeAsync(Outcomes.Completed(), Target(activity, byToken: true)));
    }

    [Fact]
    public async Task The_largest_body_the_gateway_takes_is_the_largest_the_server_keeps()
    {
        var (registry, activity) = Start("Grpc", "1.31.2");
        var limit = registry.LargestBody(Target(activity, byToken: true))!.Value;
        var largest = "\"" + new string('x', limit - 2) + "\"";

        Assert.IsType<ResumeResult.Rejected>(await registry.ResumeAsync(Outcomes.Completed(largest + " "), Target(activity, byToken: true)));
        Assert.Empty(activity.Log);
        Assert.IsType<ResumeResult.Delivered>(await registry.ResumeAsync(Outcomes.Completed(largest), Target(activity, byToken: true)));

        var (kind, message) = Assert.Single(activity.Log);
        Assert.Equal("completed", kind);
        Assert.InRange(((RespondActivityTaskCompletedRequest)message).Result.CalculateSize(), (2 * 1024 * 1024) - 8, 2 * 1024 * 1024);
        registry.Dispose();
    }

    [Fact]
    public async Task The_namespace_is_named_for_routing_and_the_call_has_a_deadline()
    {
        var (registry, activity) = Start("Grpc", "1.31.2");

        await registry.ResumeAsync(Outcomes.Completed(), Target(activity, byToken: true));

        var (path, _, headers) = Assert.Single(temporal.Calls);
        Assert.Equal("/temporal.api.workflowservice.v1.WorkflowService/RespondActivityTaskCompleted", path);
        Assert.Equal(("default", "10S"), (headers["temporal-namespace"].ToString(), headers["grpc-timeout"].ToString()));
        registry.Dispose();
    }

    private (ConnectionRegistry Registry, FakeActivity Activity) Start(string transport, string version)
    {
        temporal.Version = version;
        return (Registry(transport), temporal.Add());
    }

    private ConnectionRegistry Registry(string transport, params (string Key, string Value)[] more) => TestConnection.Registry(
        new ManualTime(),
        [("Kind", "temporal"), ("Url", (transport == "Http" ? temporal.Http : temporal.Grpc).ToString()), ("Transport", transport), .. more]);

    private static ResumeTarget Target(FakeActivity activity, bool byToken) => (byToken
        ? new TemporalTarget(TaskToken: activity.Token())
        : new TemporalTarget(WorkflowId: activity.WorkflowId, ActivityId: activity.ActivityId)).On(TestConnection.Name);

    private static Failure FailureOf(FakeActivity activity) => activity.Log.Single(entry => entry.Kind == "failed").Message switch
    {
        RespondActivityTaskFailedRequest byToken => byToken.Failure,
        IMessage byId => ((RespondActivityTaskFailedByIdRequest)byId).Failure,
    };
}
