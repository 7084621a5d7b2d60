using System.Text.Json.Nodes;
using Gateway.Activities;
using Gateway.Resumption.Cadence;
using Gateway.Resumption.Cadence.Messages;
using Gateway.Resumption.Connections;
using Gateway.Resumption.Connections.Grpc;
using Google.Protobuf;

namespace Gateway.Tests.Resumption.Cadence;

/// <summary>Bytes that were decoded with protoc against Cadence's own definitions, and what the local check of a token says.</summary>
public sealed class CadenceVectorsTests
{
    public const string Token =
        "eyJkb21haW5JZCI6IjdiMmY5ZDFjLTNhNjQtNGMwZS05ZDU1LTBmNmYwZjJjMWExMSIsIndvcmtmbG93SWQiOiJvcmRlci00MiIsIndvcmtmbG93VHlwZSI6Im1haW4uT3JkZXJXb3JrZmxvdyIsInJ1bklkIjoiMzIwNDliNjgtNzg3Mi00MDk0LThlNjMtZDBkZDU5ODk2YTgzIiwic2NoZWR1bGVJZCI6NSwic2NoZWR1bGVBdHRlbXB0IjowLCJhY3Rpdml0eUlkIjoiMCIsImFjdGl2aXR5VHlwZSI6Im1haW4uQ2hhcmdlIn0=";

    private static readonly ActivityId Id = ActivityId.New(DateTimeOffset.UnixEpoch);
    private static readonly CadenceTarget ByToken = new(TaskToken: Convert.FromBase64String(Token));

    private readonly CadenceMessages messages = new(new CadenceOptions { Domain = "payments" });

    [Fact]
    public void A_result_is_its_json_and_a_newline()
    {
        var message = (RespondActivityTaskCompletedRequest)messages.Complete(Id, ByToken, "{\"ok\":true}"u8.ToArray()).Message;

        Assert.Equal("eyJvayI6dHJ1ZX0K", message.Result.Data.ToBase64());
        Assert.Equal(Token, message.TaskToken.ToBase64());
    }

    [Fact]
    public void A_void_result_is_left_out() =>
        Assert.Null(((RespondActivityTaskCompletedRequest)messages.Complete(Id, ByToken, "null"u8.ToArray()).Message).Result);

    [Fact]
    public void The_json_form_of_a_failure_has_bare_details()
    {
        var failure = new EngineFailure("card declined", "PaymentDeclined", "{\"code\":\"card_declined\"}"u8.ToArray());

        var written = JsonNode.Parse(JsonFormatter.Default.Format(messages.Fail(Id, ByToken, failure).Message));

        var expected = JsonNode.Parse($$"""
            { "taskToken": "{{Token}}", "failure": { "reason": "PaymentDeclined", "details": "eyJjb2RlIjoiY2FyZF9kZWNsaW5lZCJ9Cg==" }, "identity": "callback-gateway/{{Id}}" }
            """);
        Assert.True(JsonNode.DeepEquals(expected, written), written!.ToJsonString());
    }

    [Fact]
    public void The_json_form_by_ids_names_domain_and_execution()
    {
        var target = new CadenceTarget(WorkflowId: "order-42", ActivityId: "charge-1");

        var written = JsonNode.Parse(JsonFormatter.Default.Format(messages.Complete(Id, target, "1"u8.ToArray()).Message));

        var expected = JsonNode.Parse($$"""
            { "domain": "payments", "workflowExecution": { "workflowId": "order-42" }, "activityId": "charge-1", "result": { "data": "MQo=" }, "identity": "callback-gateway/{{Id}}" }
            """);
        Assert.True(JsonNode.DeepEquals(expected, written), written!.ToJsonString());
    }

    [Theory]
    [InlineData("PaymentDeclined", null, null, "PaymentDeclined")]
    [InlineData("PaymentDeclined", "Mine", null, "Mine")]
    [InlineData("CallbackFailed", null, null, "CallbackFailed")]
    [InlineData("CallbackFailed", null, "Configured", "Configured")]
    [InlineData("cadenceInternal:Panic", null, null, "CallbackFailed")]
    public void The_reason_is_the_registrations_else_the_failures_else_the_connections(string type, string? registered, string? configured, string expected)
    {
        var own = new CadenceMessages(new CadenceOptions { FailureReason = configured });

        var message = (RespondActivityTaskFailedRequest)own.Fail(Id, ByToken with { FailureReason = registered }, new EngineFailure("m", type)).Message;

        Assert.Equal((expected, "\"m\"\n"), (message.Failure.Reason, message.Failure.Details.ToStringUtf8()));
    }

    [Fact]
    public void In_the_java_style_the_reason_is_a_class_and_the_details_are_an_exception()
    {
        var own = new CadenceMessages(new CadenceOptions { FailureStyle = CadenceFailureStyle.Java });

        var failure = ((RespondActivityTaskFailedRequest)own.Fail(Id, ByToken, new EngineFailure("card declined", "PaymentDeclined")).Message).Failure;

        Assert.Equal("java.lang.RuntimeException", failure.Reason);
        Assert.Equal("""{"detailMessage":"PaymentDeclined: card declined","stackTrace":"","suppressedExceptions":[]}""", failure.Details.ToStringUtf8());
    }

    [Fact]
    public void The_details_of_an_error_are_read_from_the_vector()
    {
        using var answer = new HttpResponseMessage();
        answer.TrailingHeaders.Add("grpc-status", "5");
        answer.TrailingHeaders.Add(
            "grpc-status-details-bin",
            "CAUSF2FjdGl2aXR5IHRhc2sgbm90IGZvdW5kGj4KPHR5cGUuZ29vZ2xlYXBpcy5jb20vdWJlci5jYWRlbmNlLmFwaS52MS5FbnRpdHlOb3RFeGlzdHNFcnJvcg");

        Assert.Equal(["EntityNotExistsError"], GrpcStatus.Of(new HttpAnswer(answer.StatusCode, answer.Headers, default, answer.TrailingHeaders)).Details);
    }

    [Theory]
    [InlineData(Token, FakeCadenceActivity.DomainId, null)]
    [InlineData(Token, "11111111-3a64-4c0e-9d55-0f6f0f2c1a11", "is a task token of another domain than the connection's")]
    [InlineData("", FakeCadenceActivity.DomainId, "must be the base64 text of a Cadence task token")]
    [InlineData("bm8ganNvbg==", FakeCadenceActivity.DomainId, "must be the base64 text of a Cadence task token")]
    [InlineData("W10=", FakeCadenceActivity.DomainId, "must be the base64 text of a Cadence task token")]
    [InlineData("eyJkb21haW5JZCI6ImEiLCJ3b3JrZmxvd0lkIjoidyIsInJ1bklkIjoiciJ9", FakeCadenceActivity.DomainId, "must be the base64 text of a Cadence task token")]
    public void A_token_is_judged_here_because_the_server_answers_a_bad_one_like_an_outage(string token, string domain, string? mistake) =>
        Assert.Equal(mistake, CadenceTarget.Mistake(token, domain));
}
