using System.Text.Json.Nodes;
using Gateway.Activities;
using Gateway.Resumption.Connections;
using Gateway.Resumption.Connections.Grpc;
using Gateway.Resumption.Temporal;
using Gateway.Resumption.Temporal.Messages;
using Google.Protobuf;

namespace Gateway.Tests.Resumption.Temporal;

/// <summary>Bytes that were decoded with protoc against Temporal's own definitions: what the gateway writes must be these.</summary>
public sealed class TemporalVectorsTests
{
    public const string Token =
        "CiQzMjA0OWI2OC03ODcyLTQwOTQtOGU2My1kMGRkNTk4OTZhODMSCG9yZGVyLTQyGiQ3YjJmOWQxYy0zYTY0LTRjMGUtOWQ1NS0wZjZmMGYyYzFhMTEgBSgBMghjaGFyZ2UtMUIGQ2hhcmdl";

    private readonly TemporalMessages messages = new(new TemporalOptions());

    [Fact]
    public void One_json_value_is_one_payload_with_its_exact_bytes() =>
        Assert.Equal("CiUKFgoIZW5jb2RpbmcSCmpzb24vcGxhaW4SC3sib2siOnRydWV9", Base64(messages.Payloads("{\"ok\":true}"u8.ToArray())));

    [Fact]
    public void A_completion_is_framed_and_written_as_the_vector_says()
    {
        var message = (RespondActivityTaskCompletedRequest)messages.Complete(
            ActivityId.New(DateTimeOffset.UnixEpoch), new TemporalTarget(TaskToken: Convert.FromBase64String(Token)), "{\"ok\":true}"u8.ToArray()).Message;
        message.Identity = "gateway@host";

        var frame = GrpcFrame.Write(message);

        Assert.Equal("00000000AE", Convert.ToHexString(frame[..5]));
        Assert.Equal(
            "CmwKJDMyMDQ5YjY4LTc4NzItNDA5NC04ZTYzLWQwZGQ1OTg5NmE4MxIIb3JkZXItNDIaJDdiMmY5ZDFjLTNhNjQtNGMwZS05ZDU1LTBmNmYwZjJjMWExMSAFKAEyCGNoYXJnZS0xQgZDaGFyZ2USJwolChYKCGVuY29kaW5nEgpqc29uL3BsYWluEgt7Im9rIjp0cnVlfRoMZ2F0ZXdheUBob3N0IgdkZWZhdWx0",
            Convert.ToBase64String(frame[5..]));
    }

    [Fact]
    public void A_failure_is_written_as_the_vector_says()
    {
        var failure = new EngineFailure(
            "card declined", "PaymentDeclined", "{\"code\":\"card_declined\"}"u8.ToArray(), NonRetryable: true, TimeSpan.FromSeconds(30));

        var message = (RespondActivityTaskFailedRequest)messages.Fail(
            ActivityId.New(DateTimeOffset.UnixEpoch), new TemporalTarget(TaskToken: [1]), failure).Message;

        Assert.Equal(
            "Cg1jYXJkIGRlY2xpbmVkEhBjYWxsYmFjay1nYXRld2F5Kk0KD1BheW1lbnREZWNsaW5lZBABGjQKMgoWCghlbmNvZGluZxIKanNvbi9wbGFpbhIYeyJjb2RlIjoiY2FyZF9kZWNsaW5lZCJ9IgIIHg==",
            Base64(message.Failure));
    }

    [Fact]
    public void Null_has_its_own_encoding_and_no_data()
    {
        var payload = Assert.Single(messages.Payloads("null"u8.ToArray()).Payloads_);

        Assert.Equal("binary/null", payload.Metadata["encoding"].ToStringUtf8());
        Assert.True(payload.Data.IsEmpty);
    }

    [Fact]
    public void Configured_metadata_stands_in_every_payload()
    {
        var options = new TemporalOptions { PayloadMetadata = { ["encoding"] = "binary/encrypted", ["key-id"] = "k1" } };

        var payload = Assert.Single(new TemporalMessages(options).Payloads("1"u8.ToArray()).Payloads_);

        Assert.Equal(("binary/encrypted", "k1"), (payload.Metadata["encoding"].ToStringUtf8(), payload.Metadata["key-id"].ToStringUtf8()));
    }

    [Fact]
    public void The_json_form_is_the_one_the_http_api_reads()
    {
        var id = ActivityId.New(DateTimeOffset.UnixEpoch);
        var failure = new EngineFailure(
            "card declined", "PaymentDeclined", "{\"code\":\"card_declined\"}"u8.ToArray(), NonRetryable: true, TimeSpan.FromSeconds(30));
        var target = new TemporalTarget(null, null, "order-42", "run-1", "charge-1");

        var written = JsonNode.Parse(JsonFormatter.Default.Format(messages.Fail(id, target, failure).Message));

        var expected = JsonNode.Parse($$"""
            { "namespace": "default", "workflowId": "order-42", "runId": "run-1", "activityId": "charge-1", "identity": "callback-gateway/{{id}}",
              "failure": { "message": "card declined", "source": "callback-gateway",
                "applicationFailureInfo": { "type": "PaymentDeclined", "nonRetryable": true, "nextRetryDelay": "30s",
                  "details": { "payloads": [ { "metadata": {"encoding": "anNvbi9wbGFpbg=="}, "data": "eyJjb2RlIjoiY2FyZF9kZWNsaW5lZCJ9" } ] } } } }
            """);
        Assert.True(JsonNode.DeepEquals(expected, written), written!.ToJsonString());
    }

    [Fact]
    public void The_details_of_an_error_are_read_from_the_vector()
    {
        using var answer = new HttpResponseMessage();
        answer.TrailingHeaders.Add("grpc-status", "5");
        answer.TrailingHeaders.Add("grpc-message", "workflow execution already completed%21");
        answer.TrailingHeaders.Add(
            "grpc-status-details-bin",
            "CAUSJHdvcmtmbG93IGV4ZWN1dGlvbiBhbHJlYWR5IGNvbXBsZXRlZBpCCkB0eXBlLmdvb2dsZWFwaXMuY29tL3RlbXBvcmFsLmFwaS5lcnJvcmRldGFpbHMudjEuTm90Rm91bmRGYWlsdXJl");

        var reply = GrpcStatus.Of(new HttpAnswer(answer.StatusCode, answer.Headers, default, answer.TrailingHeaders));

        Assert.Equal((5, "workflow execution already completed!"), (reply.Code, reply.Message));
        Assert.Equal(["NotFoundFailure"], reply.Details);
    }

    [Theory]
    [InlineData(Token, true)]
    [InlineData("", false)]
    [InlineData("not base64!", false)]
    [InlineData("AAAA", false)]
    [InlineData("EghvcmRlci00Mg==", false)]
    [InlineData("eyJkb21haW5JZCI6IngifQ==", false)]
    public void Only_a_token_of_temporals_form_is_taken(string text, bool taken) =>
        Assert.Equal(taken, TemporalTarget.ReadToken(text) is not null);

    private static string Base64(IMessage message) => Convert.ToBase64String(message.ToByteArray());
}
