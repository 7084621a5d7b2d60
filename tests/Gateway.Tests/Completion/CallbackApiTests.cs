using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Gateway.Tests.Support;

namespace Gateway.Tests.Completion;

/// <summary>Every row of the contract's callback API, over a real socket.</summary>
public abstract class CallbackApiTests(GatewayFixture gateway)
{
    private const string ChargeSchema = """
        ,"returnSchema":{"type":"object","required":["chargeId"],"properties":{"chargeId":{"type":"string"},"amount":{"type":"number"}}}
        """;

    private readonly GatewayApp app = gateway.App;

    [StoreFact]
    public async Task The_token_shows_what_it_answers_and_what_it_may_do()
    {
        var activity = await app.RegisterAnyAsync(ChargeSchema + ""","description":"Charge it","activityType":"Charge","heartbeatTimeoutSeconds":60""");

        using var response = await app.Outside.GetAsync($"/activities/{activity.Token}");
        var view = await response.Content.ReadFromJsonAsync<JsonObject>();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(("pending", "Charge it", "Charge"), ((string)view!["state"]!, (string)view["description"]!, (string)view["activityType"]!));
        Assert.Equal("chargeId", (string?)view["returnSchema"]!["required"]![0]);
        Assert.NotNull(view["heartbeatDeadline"]);
        Assert.Equal(["self", "complete", "fail", "heartbeat", "cancel"], view["links"]!.AsObject().Select(link => link.Key));
        Assert.EndsWith($"/activities/{activity.Token}/complete", (string)view["links"]!["complete"]!, StringComparison.Ordinal);
    }

    [StoreFact]
    public async Task Completing_answers_a_receipt_and_the_runner_gets_the_bytes_as_sent()
    {
        var activity = await app.RegisterAnyAsync(ChargeSchema);
        const string Body = "{ \"chargeId\":\"ch_1\",  \"amount\":12345678901234567890.10, \"amount2\":1e400 }";

        using var response = await app.CallAsync(activity, "complete", Body);
        var receipt = await response.Content.ReadFromJsonAsync<JsonObject>();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal((activity.Id, "completed", false), ((string)receipt!["activityId"]!, (string)receipt["state"]!, (bool)receipt["duplicate"]!));
        Assert.Equal("sha-256=" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Body))), (string?)receipt["digest"]);
        var outcome = await app.Runner.GetStringAsync($"/internal/activities/{activity.Id}/outcome");
        Assert.Contains($"\"result\":{Body}", outcome, StringComparison.Ordinal);
    }

    [StoreFact]
    public async Task A_retry_is_answered_with_the_first_receipt()
    {
        var activity = await app.RegisterAnyAsync();
        var first = await ReadAsync(await app.CallAsync(activity, "complete", "{\"a\":1}"));
        var second = await ReadAsync(await app.CallAsync(activity, "complete", "{\"a\":1}"));

        Assert.True((bool)second["duplicate"]!);
        second["duplicate"] = false;
        Assert.Equal(first.ToJsonString(), second.ToJsonString());
    }

    [StoreFact]
    public async Task Anything_else_after_the_end_says_what_ended_it_and_never_the_value()
    {
        var activity = await app.RegisterAnyAsync();
        var receipt = await ReadAsync(await app.CallAsync(activity, "complete", "{\"secret\":\"value-1\"}"));
        foreach (var (call, body) in new[] { ("complete", "{\"a\":2}"), ("fail", "{\"message\":\"m\"}"), ("cancel", "1"), ("heartbeat", "1") })
        {
            using var response = await app.CallAsync(activity, call, body);
            var problem = await response.ShouldBeProblemAsync("already-closed");
            Assert.Equal("completed", (string?)problem["state"]);
            Assert.Equal((string?)receipt["closedAt"], (string?)problem["closedAt"]);
            Assert.Equal((string?)receipt["digest"], (string?)problem["digest"]);
            Assert.DoesNotContain("value-1", problem.ToJsonString(), StringComparison.Ordinal);
        }
    }

    [StoreFact]
    public async Task A_result_that_does_not_fit_names_every_violation_and_leaves_the_token_good()
    {
        var activity = await app.RegisterAnyAsync(ChargeSchema);

        using var refused = await app.CallAsync(activity, "complete", "{\"amount\":\"x\"}");
        var problem = await refused.ShouldBeProblemAsync("schema-violation");

        var places = problem["errors"]!.AsArray().Select(error => ((string)error!["instanceLocation"]!, (string)error["keywordLocation"]!)).ToHashSet();
        Assert.Contains(("", "/required"), places);
        Assert.Contains(("/amount", "/properties/amount/type"), places);
        using var corrected = await app.CallAsync(activity, "complete", "{\"chargeId\":\"1\"}");
        Assert.Equal(HttpStatusCode.OK, corrected.StatusCode);
    }

    [StoreFact]
    public async Task A_dry_run_judges_and_stores_nothing()
    {
        var activity = await app.RegisterAnyAsync(ChargeSchema);
        Assert.True((bool)(await ReadAsync(await app.CallAsync(activity, "complete?dryRun=true", "{\"chargeId\":\"1\"}")))["valid"]!);
        using var unfit = await app.CallAsync(activity, "complete?dryRun=true", "{}");
        await unfit.ShouldBeProblemAsync("schema-violation");
        using var misspelt = await app.CallAsync(activity, "complete?dryrun=true", "{\"chargeId\":\"1\"}");
        await misspelt.ShouldBeProblemAsync("invalid-request");
        Assert.Equal("pending", (string?)(await app.GetAsync($"/internal/activities/{activity.Id}"))["state"]);
    }

    [StoreFact]
    public async Task An_empty_body_completes_with_null()
    {
        var activity = await app.RegisterAnyAsync();
        using var response = await app.CallAsync(activity, "complete", null);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains("\"result\":null", await app.Runner.GetStringAsync($"/internal/activities/{activity.Id}/outcome"), StringComparison.Ordinal);
        var demanding = await app.RegisterAnyAsync(ChargeSchema);
        using var refused = await app.CallAsync(demanding, "complete", null);
        await refused.ShouldBeProblemAsync("schema-violation");
    }

    [StoreFact]
    public async Task A_byte_order_mark_is_skipped_and_counts_for_the_digest()
    {
        var activity = await app.RegisterAnyAsync();
        byte[] body = [0xEF, 0xBB, 0xBF, .. "{\"a\":1}"u8];
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var response = await app.Outside.PostAsync($"/activities/{activity.Token}/complete", content);
        Assert.Equal("sha-256=" + Convert.ToBase64String(SHA256.HashData(body)), (string?)(await ReadAsync(response))["digest"]);
        Assert.Contains("\"result\":{\"a\":1}", await app.Runner.GetStringAsync($"/internal/activities/{activity.Id}/outcome"), StringComparison.Ordinal);
    }

    [StoreTheory]
    [InlineData("{\"a\":1")]
    [InlineData("{\"a\":1}x")]
    [InlineData("{\"a\":1,\"a\":2}")]
    [InlineData("\"\\ud800\"")]
    [InlineData("01")]
    [InlineData("NaN")]
    public async Task What_is_not_one_JSON_value_is_refused_with_its_place(string body)
    {
        var activity = await app.RegisterAnyAsync();
        foreach (var call in new[] { "complete", "cancel", "heartbeat" })
        {
            using var response = await app.CallAsync(activity, call, body);
            var problem = await response.ShouldBeProblemAsync("malformed-json");
            Assert.InRange((long)problem["bytePosition"]!, 0, body.Length);
        }
    }

    [StoreFact]
    public async Task Failing_takes_the_failure_and_hands_it_on_as_sent()
    {
        var activity = await app.RegisterAnyAsync();
        const string Failure = """{"message":"card declined","type":"CardDeclined","details":{"n":1.10},"nonRetryable":true,"nextRetryDelaySeconds":30}""";
        var receipt = await ReadAsync(await app.CallAsync(activity, "fail", Failure));
        Assert.Equal("failed", (string?)receipt["state"]);
        var outcome = await app.Runner.GetStringAsync($"/internal/activities/{activity.Id}/outcome");
        Assert.Contains($"\"failure\":{Failure}", outcome, StringComparison.Ordinal);
    }

    [StoreTheory]
    [InlineData("{}", "message")]
    [InlineData("""{"message":""}""", "message")]
    [InlineData("""{"message":1}""", "message")]
    [InlineData("""{"message":"m","type":7}""", "type")]
    [InlineData("""{"message":"m","nonRetryable":"yes"}""", "nonRetryable")]
    [InlineData("""{"message":"m","nextRetryDelaySeconds":-1}""", "nextRetryDelaySeconds")]
    [InlineData("""{"message":"m","mesage":"m"}""", "mesage")]
    public async Task A_failure_that_is_not_one_is_refused_by_field(string body, string field)
    {
        var activity = await app.RegisterAnyAsync();
        using var response = await app.CallAsync(activity, "fail", body);
        var problem = await response.ShouldBeProblemAsync("invalid-request");
        Assert.Contains(field, problem["errors"]!.AsObject().Select(error => error.Key));
        Assert.Equal("pending", (string?)(await app.GetAsync($"/internal/activities/{activity.Id}"))["state"]);
    }

    [StoreFact]
    public async Task A_heartbeat_stores_progress_and_says_when_to_stop()
    {
        var activity = await app.RegisterAnyAsync(",\"heartbeatTimeoutSeconds\":100");
        var first = await ReadAsync(await app.CallAsync(activity, "heartbeat", "{\"done\":0.50}"));
        Assert.Equal(("pending", false), ((string)first["state"]!, (bool)first["cancelRequested"]!));
        Assert.NotNull(first["heartbeatDeadline"]);
        await app.PostAsync($"/internal/activities/{activity.Id}/cancel", "{\"reason\":\"changed our mind\"}");
        var second = await ReadAsync(await app.CallAsync(activity, "heartbeat", null));
        Assert.True((bool)second["cancelRequested"]!);
        var view = await app.Outside.GetStringAsync($"/activities/{activity.Token}");
        Assert.Contains("\"progress\":{\"done\":0.50}", view, StringComparison.Ordinal);
    }

    [StoreFact]
    public async Task Canceling_confirms_and_carries_details_and_the_runners_reason()
    {
        var activity = await app.RegisterAnyAsync();
        await app.PostAsync($"/internal/activities/{activity.Id}/cancel", "{\"reason\":\"changed our mind\"}");
        var receipt = await ReadAsync(await app.CallAsync(activity, "cancel", "{\"stoppedAt\":3}"));
        Assert.Equal("canceled", (string?)receipt["state"]);
        Assert.True((bool)(await ReadAsync(await app.CallAsync(activity, "cancel", "{\"stoppedAt\":3}")))["duplicate"]!);
        var outcome = await app.GetAsync($"/internal/activities/{activity.Id}/outcome");
        Assert.Equal((3, "changed our mind", "token"), ((int)outcome["details"]!["stoppedAt"]!, (string)outcome["reason"]!, (string)outcome["closedBy"]!));
        using var late = await app.CallAsync(activity, "complete", "1");
        Assert.Equal("canceled", (string?)(await late.ShouldBeProblemAsync("canceled"))["state"]);
    }

    [StoreFact]
    public async Task The_header_form_does_the_same_and_both_forms_at_once_are_refused()
    {
        var activity = await app.RegisterAnyAsync();
        using var bearer = app.Client(activity.Token);
        var view = (await bearer.GetFromJsonAsync<JsonObject>("/activities"))!;
        Assert.DoesNotContain(activity.Token, view.ToJsonString(), StringComparison.Ordinal);
        using var both = await bearer.PostAsync($"/activities/{activity.Token}/complete", GatewayApp.Json("1"));
        await both.ShouldBeProblemAsync("invalid-request");
        Assert.Equal("pending", (string?)(await ReadAsync(await bearer.PostAsync("/activities/heartbeat", null)))["state"]);
        Assert.Equal("completed", (string?)(await ReadAsync(await bearer.PostAsync("/activities/complete", GatewayApp.Json("1"))))["state"]);
    }

    [StoreFact]
    public async Task A_forged_token_is_unknown_whatever_is_wrong_with_it()
    {
        var activity = await app.RegisterAnyAsync();
        var flipped = activity.Token[..^1] + (activity.Token[^1] == 'A' ? 'B' : 'A');
        string? first = null;
        foreach (var token in new[] { flipped, "x", new string('A', 60), "cbgt" + new string('B', 56) })
        {
            using var response = await app.Outside.PostAsync($"/activities/{token}/complete", GatewayApp.Json("1"));
            var problem = await response.ShouldBeProblemAsync("unknown-token");
            problem.Remove("traceId");
            first ??= problem.ToJsonString();
            Assert.Equal(first, problem.ToJsonString());
        }
    }

    [StoreFact]
    public async Task A_narrower_token_may_do_only_what_it_says()
    {
        var activity = await app.RegisterAnyAsync();
        var issued = await app.PostAsync($"/internal/activities/{activity.Id}/tokens", """{"capabilities":["heartbeat","read"],"expiresInSeconds":120}""");
        Assert.Equal(["heartbeat", "read"], issued["capabilities"]!.AsArray().Select(word => (string)word!));
        Assert.NotNull(issued["expiresAt"]);
        var narrow = activity with { Token = (string)issued["taskToken"]! };
        using var refused = await app.CallAsync(narrow, "complete", "1");
        await refused.ShouldBeProblemAsync("capability-missing");
        using var beat = await app.CallAsync(narrow, "heartbeat", null);
        Assert.Equal(HttpStatusCode.OK, beat.StatusCode);
        var view = (await app.Outside.GetFromJsonAsync<JsonObject>($"/activities/{narrow.Token}"))!;
        Assert.Equal(["self", "heartbeat"], view["links"]!.AsObject().Select(link => link.Key));
    }

    [StoreFact]
    public async Task Rotating_supersedes_every_older_token()
    {
        var activity = await app.RegisterAnyAsync();
        var issued = await app.PostAsync($"/internal/activities/{activity.Id}/tokens", "{\"rotate\":true}");
        using var old = await app.CallAsync(activity, "complete", "1");
        await old.ShouldBeProblemAsync("token-superseded");
        using var renewed = await app.CallAsync(activity with { Token = (string)issued["taskToken"]! }, "complete", "1");
        Assert.Equal(HttpStatusCode.OK, renewed.StatusCode);
    }

    [StoreFact]
    public async Task A_higher_attempt_supersedes_a_pending_lower_one()
    {
        var workflow = $"w-{Guid.NewGuid():N}";
        var first = await app.RegisterAsync($$"""{"workflowId":"{{workflow}}","activityId":"a"}""");
        await app.RegisterAsync($$"""{"workflowId":"{{workflow}}","activityId":"a","attempt":2}""");
        using var late = await app.CallAsync(first, "complete", "1");
        await late.ShouldBeProblemAsync("attempt-superseded");
        var outcome = await app.GetAsync($"/internal/activities/{first.Id}/outcome");
        Assert.Equal(("canceled", "superseded", "superseded"), ((string)outcome["state"]!, (string)outcome["reason"]!, (string)outcome["closedBy"]!));
    }

    [StoreFact]
    public async Task Looking_never_changes_anything()
    {
        var activity = await app.RegisterAnyAsync();
        foreach (var call in new[] { "complete", "fail", "heartbeat", "cancel" })
        {
            foreach (var method in new[] { HttpMethod.Get, HttpMethod.Head })
            {
                using var request = new HttpRequestMessage(method, $"/activities/{activity.Token}/{call}");
                using var response = await app.Outside.SendAsync(request);
                Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
            }
        }

        using var head = new HttpRequestMessage(HttpMethod.Head, $"/activities/{activity.Token}");
        using var answer = await app.Outside.SendAsync(head);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("pending", (string?)(await app.GetAsync($"/internal/activities/{activity.Id}"))["state"]);
    }

    private static async Task<JsonObject> ReadAsync(HttpResponseMessage response)
    {
        using (response)
        {
            var body = await response.Content.ReadAsStringAsync();
            Assert.True(response.IsSuccessStatusCode, body);
            return JsonNode.Parse(body)!.AsObject();
        }
    }
}

public sealed class SqliteCallbackApiTests(SqliteGateway gateway) : CallbackApiTests(gateway), IClassFixture<SqliteGateway>;

[OnPostgres]
public sealed class PostgresCallbackApiTests(PostgresGateway gateway) : CallbackApiTests(gateway), IClassFixture<PostgresGateway>;
