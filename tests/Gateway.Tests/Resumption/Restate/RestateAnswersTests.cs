using System.Text;
using Gateway.Activities;
using Gateway.Resumption;
using Gateway.Resumption.Restate;
using Gateway.Tests.Resumption.Connections;
using Gateway.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace Gateway.Tests.Resumption.Restate;

/// <summary>What the ingress is told and what its answers mean; the real server is asked in the workflow tests.</summary>
public sealed class RestateAnswersTests : IAsyncLifetime
{
    private const string Id = "sign_1YdbWbwIHKxIDtKjrO2jdlN-4Od51OLLjAAAAEQ";
    private CallbackReceiver ingress = null!;

    public async Task InitializeAsync()
    {
        ingress = await CallbackReceiver.StartAsync();
        ingress.Answer = (context, _) => CallbackReceiver.Status(context, StatusCodes.Status202Accepted);
    }

    public async Task DisposeAsync() => await ingress.DisposeAsync();

    [Theory]
    [InlineData(202, "delivered")]
    [InlineData(200, "delivered")]
    [InlineData(400, "rejected")]
    [InlineData(413, "rejected")]
    [InlineData(401, "hold")]
    [InlineData(403, "hold")]
    [InlineData(404, "hold")]
    [InlineData(405, "hold")]
    [InlineData(302, "hold")]
    [InlineData(408, "retry")]
    [InlineData(429, "retry")]
    [InlineData(470, "retry")]
    [InlineData(500, "retry")]
    [InlineData(503, "retry")]
    public async Task A_status_decides_what_becomes_of_the_outcome(int status, string expected)
    {
        ingress.Answer = async (context, _) =>
        {
            context.Response.StatusCode = status;
            await context.Response.WriteAsync("""{"message":"why"}""");
        };

        var result = await ResumeAsync(Outcomes.Completed());

        Assert.Equal(expected, result switch
        {
            ResumeResult.Delivered => "delivered",
            ResumeResult.Rejected => "rejected",
            ResumeResult.Retry { After: not null } => "hold",
            ResumeResult.Retry => "retry",
            _ => result.GetType().Name,
        });
        Assert.Equal($"HTTP {status}: why", result.Text);
    }

    [Fact]
    public async Task A_result_is_sent_byte_for_byte_with_the_token_of_the_connection()
    {
        const string Result = """{"amount": 0.10, "big":1e400, "n":12345678901234567890}""";

        await ResumeAsync(Outcomes.Completed(Result), ("Token", "bearer-1"));

        var call = await ingress.NextAsync();
        Assert.Equal(($"/restate/awakeables/{Id}/resolve", Result), (call.Path, Encoding.UTF8.GetString(call.Body)));
        Assert.Equal(("application/json", "Bearer bearer-1"), (call.Headers["content-type"], call.Headers["authorization"]));
    }

    [Theory]
    [InlineData("Message", "PaymentDeclined: card declined")]
    [InlineData("Json", """{"message":"card declined","type":"PaymentDeclined","details":{"code": 1.0},"nonRetryable":false}""")]
    public async Task A_failure_is_a_rejection(string text, string expected)
    {
        var failed = Outcomes.Closed(ActivityState.Failed, """{"message":"card declined","type":"PaymentDeclined","details":{"code": 1.0}}""");

        await ResumeAsync(failed, ("RejectionText", text));

        var call = await ingress.NextAsync();
        Assert.Equal(($"/restate/awakeables/{Id}/reject", expected), (call.Path, Encoding.UTF8.GetString(call.Body)));
    }

    [Theory]
    [InlineData(ActivityState.Canceled, "CallbackCanceled: Canceled from outside; the workflow had not asked for it: stop")]
    [InlineData(ActivityState.TimedOut, "CallbackTimedOut: No outcome arrived in time (schedule deadline of the callback gateway).")]
    internal async Task An_end_without_a_result_is_a_rejection_that_says_so(ActivityState state, string expected)
    {
        await ResumeAsync(Outcomes.Closed(state, "null", "stop"));

        Assert.Equal(expected, Encoding.UTF8.GetString((await ingress.NextAsync()).Body));
    }

    private async Task<ResumeResult> ResumeAsync(ClosedActivity outcome, params (string Key, string Value)[] more)
    {
        using var registry = TestConnection.Registry(new ManualTime(), [("Kind", "restate"), ("Url", ingress.Url.ToString()), .. more]);
        return await registry.ResumeAsync(outcome, new RestateTarget(Id).On(TestConnection.Name));
    }
}
