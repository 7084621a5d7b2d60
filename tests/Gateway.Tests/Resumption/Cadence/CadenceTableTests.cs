using Gateway.Activities;
using Gateway.Resumption;
using Gateway.Resumption.Cadence;
using Gateway.Resumption.Cadence.Messages;
using Gateway.Resumption.Connections;
using Gateway.Tests.Resumption.Connections;
using Gateway.Tests.Support;

namespace Gateway.Tests.Resumption.Cadence;

/// <summary>Every row of Cadence's error table and every kind of outcome, over both transports and real sockets.</summary>
public sealed class CadenceTableTests : IAsyncLifetime
{
    private FakeCadence cadence = null!;

    public async Task InitializeAsync() => cadence = await FakeCadence.StartAsync();

    public async Task DisposeAsync() => await cadence.DisposeAsync();

    public static TheoryData<string, int, string, string?, string> Rows()
    {
        (int Code, string Message, string? Detail, string Expected)[] rows =
        [
            (2, "unexpected end of JSON input", null, "retry, may have arrived"),
            (3, "DomainID is empty.", null, "rejected"),
            (3, "GetDomain operation failed.  Both ID and Name are empty.", null, "rejected"),
            (5, "Domain payments does not exist.", "EntityNotExistsError", "hold"),
            (5, "activity task not found", "EntityNotExistsError", "rejected"),
            (5, "Workflow execution already completed.", "EntityNotExistsError", "rejected"),
            (5, "workflow execution already completed", "WorkflowExecutionAlreadyCompletedError", "rejected"),
            (5, "Workflow execution not found.  WorkflowId: w, RunId: r", "EntityNotExistsError", "rejected"),
            (3, "Cannot locate Activity ScheduleID", null, "rejected"),
            (3, "Domain not set on request.", null, "rejected"),
            (3, "WorkflowId is not set on request.", null, "rejected"),
            (3, "ActivityID is not set on request.", null, "rejected"),
            (3, "Identity length exceeds limit.", null, "rejected"),
            (3, "missing TTL", null, "rejected"),
            (9, "Domain payments is active in cluster b", "DomainNotActiveError", "hold"),
            (9, "Client version not supported", "ClientVersionNotSupportedError", "hold"),
            (7, "access denied", null, "hold"),
            (12, "unrecognized procedure \"x\" for service \"cadence-frontend\"", null, "hold"),
            (8, "busy", "ServiceBusyError", "retry"),
            (8, "limit", "LimitExceededError", "rejected"),
            (2, "cadence internal error, msg: x", null, "retry, may have arrived"),
            (2, "cadence internal uncategorized error, msg: x", null, "retry, may have arrived"),
            (2, "cadence internal error, msg: Shutting down", null, "retry, may have arrived"),
            (4, "context deadline exceeded", null, "retry, may have arrived"),
            (10, "conflict", null, "retry"),
            (13, "x", null, "retry, may have arrived"),
            (14, "x", null, "retry, may have arrived"),
            (16, "no token", null, "hold"),
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
    public async Task Code_details_and_words_decide_together(string transport, int code, string message, string? detail, string expected)
    {
        using var registry = Registry(transport);
        cadence.Forced = new FakeReply(code, message, detail);

        var result = await registry.ResumeAsync(Outcomes.Completed(), Target(cadence.Add(), byToken: true));

        Assert.Equal(expected, result switch
        {
            ResumeResult.Retry { After: not null } => "hold",
            ResumeResult.Retry { MayHaveArrived: true } => "retry, may have arrived",
            ResumeResult.Retry => "retry",
            ResumeResult.Rejected => "rejected",
            _ => result.GetType().Name,
        });
        Assert.Equal($"code {code}: {message}", result.Text);
    }

    [Theory]
    [InlineData("Http", true)]
    [InlineData("Http", false)]
    [InlineData("Grpc", true)]
    [InlineData("Grpc", false)]
    public async Task A_result_arrives_byte_for_byte_and_only_once(string transport, bool byToken)
    {
        using var registry = Registry(transport);
        var (activity, outcome) = (cadence.Add(), Outcomes.Completed("""{"amount": 0.10, "big":1e400}"""));

        Assert.Equal(new ResumeResult.Delivered("ok"), await registry.ResumeAsync(outcome, Target(activity, byToken)));
        Assert.IsType<ResumeResult.Rejected>(await registry.ResumeAsync(outcome, Target(activity, byToken)));
        Assert.IsType<ResumeResult.SettledAmbiguous>(await registry.ResumeAsync(outcome, Target(activity, byToken), earlierMayHaveArrived: true));

        var (kind, message) = Assert.Single(activity.Log);
        var (result, identity) = message is RespondActivityTaskCompletedRequest token
            ? (token.Result, token.Identity) : (((RespondActivityTaskCompletedByIDRequest)message).Result, ((RespondActivityTaskCompletedByIDRequest)message).Identity);
        Assert.Equal(("completed", "{\"amount\": 0.10, \"big\":1e400}\n", $"callback-gateway/{outcome.Id}"), (kind, result.Data.ToStringUtf8(), identity));
    }

    [Theory]
    [InlineData("Http", true)]
    [InlineData("Http", false)]
    [InlineData("Grpc", true)]
    [InlineData("Grpc", false)]
    public async Task A_failure_that_is_retried_makes_the_old_token_dead(string transport, bool byToken)
    {
        using var registry = Registry(transport);
        var activity = cadence.Add(maxAttempts: 2);
        var target = Target(activity, byToken);

        var failed = await registry.ResumeAsync(Outcomes.Closed(ActivityState.Failed, """{"message":"m","type":"PaymentDeclined"}"""), target);
        var late = await registry.ResumeAsync(Outcomes.Completed(), target);

        Assert.Equal(new ResumeResult.Delivered("ok"), failed);
        Assert.Equal(new ResumeResult.Rejected("code 5: activity task not found"), late);
    }

    [Theory]
    [InlineData("Http", true, "canceled")]
    [InlineData("Http", false, "failed")]
    [InlineData("Grpc", true, "canceled")]
    [InlineData("Grpc", false, "failed")]
    public async Task A_cancellation_is_one_only_where_the_workflow_asked(string transport, bool asked, string expected)
    {
        using var registry = Registry(transport);
        var activity = cadence.Add();
        activity.CancelRequested = asked;

        var result = await registry.ResumeAsync(Outcomes.Closed(ActivityState.Canceled, "null", "stop"), Target(activity, byToken: true));

        Assert.Equal(new ResumeResult.Delivered("ok"), result);
        Assert.Equal(["heartbeat", expected], activity.Log.Select(entry => entry.Kind));
    }

    [Theory]
    [InlineData("Http")]
    [InlineData("Grpc")]
    public async Task An_answer_lost_after_the_call_took_effect_may_have_arrived(string transport)
    {
        using var registry = Registry(transport);
        cadence.Fault = FakeFault.ResetAfter;

        var result = await registry.ResumeAsync(Outcomes.Completed(), Target(cadence.Add(), byToken: true));

        Assert.True(result is ResumeResult.Retry { MayHaveArrived: true }, result.ToString());
    }

    [Fact]
    public async Task A_procedure_that_is_not_listed_holds_the_outcome_and_says_what_to_do()
    {
        using var registry = Registry("Http");
        cadence.Listed = false;

        var result = Assert.IsType<ResumeResult.Retry>(await registry.ResumeAsync(Outcomes.Completed(), Target(cadence.Add(), byToken: true)));

        Assert.NotNull(result.After);
        Assert.Contains("rpc.http.procedures", result.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Http", "Rpc-Header-cadence-authorization")]
    [InlineData("Grpc", "cadence-authorization")]
    public async Task The_token_of_the_connection_is_sent_without_a_prefix(string transport, string header)
    {
        using var registry = Registry(transport, ("Token", "jwt-1"));

        await registry.ResumeAsync(Outcomes.Completed(), Target(cadence.Add(), byToken: true));

        Assert.Equal("jwt-1", Assert.Single(cadence.Calls).Headers[header]);
    }

    private ConnectionRegistry Registry(string transport, params (string Key, string Value)[] more) => TestConnection.Registry(
        new ManualTime(),
        [
            ("Kind", "cadence"), ("Url", (transport == "Http" ? cadence.Http : cadence.Grpc).ToString()), ("Transport", transport),
            ("Domain", "payments"), ("DomainId", FakeCadenceActivity.DomainId), .. more,
        ]);

    private static ResumeTarget Target(FakeCadenceActivity activity, bool byToken) => (byToken
        ? new CadenceTarget(TaskToken: activity.Token())
        : new CadenceTarget(WorkflowId: activity.WorkflowId, ActivityId: activity.ActivityId)).On(TestConnection.Name);
}
