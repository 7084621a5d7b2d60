using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Gateway.Tests.Support;

namespace Gateway.Tests.Registration;

/// <summary>Every row of the contract's runner API that registers, lists, shows, cancels and issues tokens.</summary>
public abstract class RegistrationTests(GatewayFixture gateway)
{
    private readonly GatewayApp app = gateway.App;

    [StoreFact]
    public async Task Registering_answers_where_it_is_and_a_token_with_its_urls()
    {
        var workflow = Unique();
        using var response = await PostAsync($$"""{"workflowId":"{{workflow}}","activityId":"a","timeoutSeconds":3600}""");
        var body = await response.Content.ReadFromJsonAsync<JsonObject>();

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal($"/internal/activities/{body!["id"]}", response.Headers.Location?.ToString());
        Assert.Equal("pending", (string?)body["state"]);
        Assert.Equal(TimeSpan.FromHours(1), (DateTimeOffset)body["deadline"]! - (DateTimeOffset)body["createdAt"]!);
        Assert.Equal(["self", "complete", "fail", "heartbeat", "cancel"], body["urls"]!.AsObject().Select(url => url.Key));
        Assert.Equal($"{app.ClientOptions.BaseAddress}activities/{body["taskToken"]}/fail", (string?)body["urls"]!["fail"]);
    }

    [StoreFact]
    public async Task The_same_registration_again_is_the_same_activity_with_the_same_token()
    {
        var text = $$$"""{"workflowId":"{{{Unique()}}}","activityId":"a","returnSchema":{"type":"object"},"labels":{"a":"1","b":"2"}}""";
        var first = await app.RegisterAsync(text);
        using var response = await PostAsync(text.Replace("\"a\":\"1\",\"b\":\"2\"", "\"b\":\"2\", \"a\":\"1\"", StringComparison.Ordinal));
        var second = await response.Content.ReadFromJsonAsync<JsonObject>();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal((first.Id, first.Token), ((string)second!["id"]!, (string)second["taskToken"]!));
    }

    [StoreTheory]
    [InlineData(",\"description\":\"another\"")]
    [InlineData(",\"timeoutSeconds\":5")]
    [InlineData(",\"returnSchema\":true")]
    [InlineData(",\"assertFormat\":true")]
    [InlineData(",\"resume\":{\"kind\":\"pull\",\"queue\":\"q\"}")]
    [InlineData(",\"labels\":{\"a\":\"2\"}")]
    [InlineData(",\"onTimeout\":{\"result\":null}")]
    public async Task A_different_registration_under_the_same_identity_is_refused(string difference)
    {
        var identity = $"\"workflowId\":\"{Unique()}\",\"activityId\":\"a\"";
        var first = await app.RegisterAsync($"{{{identity}}}");
        using var response = await PostAsync($"{{{identity}{difference}}}");
        var problem = await response.ShouldBeProblemAsync("already-registered");
        Assert.Equal(first.Id, (string?)problem["activityId"]);
    }

    [StoreFact]
    public async Task A_lower_attempt_cannot_follow_a_higher_one()
    {
        var workflow = Unique();
        var first = await app.RegisterAsync($$"""{"workflowId":"{{workflow}}","activityId":"a","attempt":1}""");
        await app.RegisterAsync($$"""{"workflowId":"{{workflow}}","activityId":"a","attempt":3}""");
        using var late = await PostAsync($$"""{"workflowId":"{{workflow}}","activityId":"a","attempt":2}""");
        await late.ShouldBeProblemAsync("already-registered");
        var again = await app.RegisterAsync($$"""{"workflowId":"{{workflow}}","activityId":"a","attempt":1}""");
        Assert.Equal(first.Id, again.Id);
    }

    [StoreFact]
    public async Task Other_runs_are_other_activities()
    {
        var workflow = Unique();
        var one = await app.RegisterAsync($$"""{"workflowId":"{{workflow}}","activityId":"a","runId":"1"}""");
        var two = await app.RegisterAsync($$"""{"workflowId":"{{workflow}}","activityId":"a","runId":"2"}""");
        Assert.NotEqual(one.Id, two.Id);
        using var done = await app.CallAsync(one, "complete", "1");
        Assert.Equal(HttpStatusCode.OK, done.StatusCode);
    }

    [StoreTheory]
    [InlineData("""{}""", "workflowId")]
    [InlineData("""{"workflowId":"w"}""", "activityId")]
    [InlineData("""{"workflowId":"","activityId":"a"}""", "workflowId")]
    [InlineData("""{"workflowId":7,"activityId":"a"}""", "workflowId")]
    [InlineData("""{"workflowId":"w","activityId":"a","attempt":0}""", "attempt")]
    [InlineData("""{"workflowId":"w","activityId":"a","attempt":1.5}""", "attempt")]
    [InlineData("""{"workflowId":"w","activityId":"a","timeoutSeconds":0}""", "timeoutSeconds")]
    [InlineData("""{"workflowId":"w","activityId":"a","timeoutSeconds":99999999999}""", "timeoutSeconds")]
    [InlineData("""{"workflowId":"w","activityId":"a","heartbeatTimeoutSeconds":-1}""", "heartbeatTimeoutSeconds")]
    [InlineData("""{"workflowId":"w","activityId":"a","namespace":"a/b"}""", "namespace")]
    [InlineData("""{"workflowId":"w\u0000","activityId":"a"}""", "workflowId")]
    [InlineData("""{"workflowId":"w","activityId":"a","onTimeout":{}}""", "onTimeout.result")]
    [InlineData("""{"workflowId":"w","activityId":"a","returnSchema":{"type":"string"},"onTimeout":{"result":1}}""", "onTimeout.result")]
    [InlineData("""{"workflowId":"w","activityId":"a","resume":{"kind":"carrier-pigeon"}}""", "resume.kind")]
    [InlineData("""{"workflowId":"w","activityId":"a","resume":{"kind":"pull","queue":"a b"}}""", "resume.queue")]
    [InlineData("""{"workflowId":"w","activityId":"a","resume":{"kind":"pull","url":"http://x"}}""", "resume.url")]
    [InlineData("""{"workflowId":"w","activityId":"a","resume":{"kind":"webhook"}}""", "resume.url")]
    [InlineData("""{"workflowId":"w","activityId":"a","resume":{"kind":"webhook","url":"ftp://x"}}""", "resume.url")]
    [InlineData("""{"workflowId":"w","activityId":"a","labels":{"a:b":"c"}}""", "labels")]
    [InlineData("""{"workflowId":"w","activityId":"a","timeoutSecond":5}""", "timeoutSecond")]
    public async Task What_is_wrong_is_named_by_field(string body, string field)
    {
        using var response = await PostAsync(body);
        var problem = await response.ShouldBeProblemAsync("invalid-request");
        Assert.Contains(field, problem["errors"]!.AsObject().Select(error => error.Key));
    }

    [StoreTheory]
    [InlineData("""{"type":"strin"}""", "/type")]
    [InlineData("""{"properties":{"a":{"minimum":"1"}}}""", "/properties/a/minimum")]
    [InlineData("""{"$ref":"#/$defs/none"}""", "/$ref")]
    [InlineData("""{"$ref":"https://example.com/schema.json"}""", "/$ref")]
    [InlineData("""{"pattern":"("}""", "/pattern")]
    public async Task A_broken_schema_is_refused_with_its_place(string schema, string place)
    {
        using var response = await PostAsync($$"""{"workflowId":"{{Unique()}}","activityId":"a","returnSchema":{{schema}}}""");
        var problem = await response.ShouldBeProblemAsync("invalid-schema");
        Assert.Contains(place, problem["errors"]!.AsArray().Select(error => (string?)error!["schemaLocation"]));
    }

    [StoreFact]
    public async Task Formats_are_notes_unless_the_registration_asserts_them()
    {
        const string Schema = ",\"returnSchema\":{\"format\":\"ipv4\"}";
        var noted = await app.RegisterAnyAsync(Schema);
        var asserted = await app.RegisterAnyAsync(Schema + ",\"assertFormat\":true");
        using var taken = await app.CallAsync(noted, "complete", "\"nonsense\"");
        Assert.Equal(HttpStatusCode.OK, taken.StatusCode);
        using var refused = await app.CallAsync(asserted, "complete", "\"nonsense\"");
        await refused.ShouldBeProblemAsync("schema-violation");
    }

    [StoreFact]
    public async Task A_batch_answers_each_item_in_its_place()
    {
        var workflow = Unique();
        var answer = await app.PostAsync("/internal/activities/batch", $$"""
            {"activities":[{"workflowId":"{{workflow}}","activityId":"1"},{"workflowId":"{{workflow}}"},{"workflowId":"{{workflow}}","activityId":"1"},
            {"workflowId":"{{workflow}}","activityId":"1","attempt":1,"description":"other"},7,{"workflowId":"{{workflow}}","activityId":"2"}]}
            """);
        var results = answer["results"]!.AsArray();
        Assert.Equal([201, 400, 200, 409, 400, 201], results.Select(result => (int)result!["status"]!));
        Assert.Equal("invalid-request", (string?)results[1]!["problem"]!["code"]);
        Assert.Equal((string?)results[0]!["activity"]!["taskToken"], (string?)results[2]!["activity"]!["taskToken"]);
    }

    [StoreTheory]
    [InlineData("""{"activities":[]}""")]
    [InlineData("""{}""")]
    [InlineData("""{"activities":7}""")]
    public async Task A_batch_of_nothing_is_refused(string body)
    {
        using var response = await app.Runner.PostAsync("/internal/activities/batch", GatewayApp.Json(body));
        var problem = await response.ShouldBeProblemAsync("invalid-request");
        Assert.Contains("activities", problem["errors"]!.AsObject().Select(error => error.Key));
    }

    [StoreFact]
    public async Task A_list_is_paged_newest_first_and_filtered()
    {
        var (workflow, label) = (Unique(), Unique());
        var ids = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            ids.Add((await app.RegisterAsync($$$"""{"workflowId":"{{{workflow}}}","activityId":"{{{i}}}","activityType":"T{{{i % 2}}}","labels":{"run":"{{{label}}}"}}""")).Id);
        }

        var listed = new List<string>();
        string? cursor = null;
        do
        {
            var page = await app.GetAsync($"/internal/activities?label=run:{label}&limit=2" + (cursor is null ? "" : $"&cursor={cursor}"));
            listed.AddRange(page["activities"]!.AsArray().Select(activity => (string)activity!["id"]!));
            cursor = (string?)page["nextCursor"];
        }
        while (cursor is not null);

        // An id begins with its millisecond; those of the same one have no order but their own.
        Assert.Equal(ids.OrderDescending(StringComparer.Ordinal), listed);
        Assert.Equal(2, await CountAsync($"workflowId={workflow}&activityType=T1"));
        Assert.Equal(5, await CountAsync($"workflowId={workflow}&state=pending"));
        Assert.Equal(0, await CountAsync($"workflowId={workflow}&state=completed"));
        Assert.Equal(5, await CountAsync($"workflowId={workflow}&createdAfter=2020-01-01T00:00:00Z"));
        Assert.Equal(0, await CountAsync($"workflowId={workflow}&createdBefore=2020-01-01T00:00:00Z"));
        Assert.Equal(0, await CountAsync($"workflowId={workflow}&namespace=other"));
    }

    [StoreTheory]
    [InlineData("state=open", "state")]
    [InlineData("limit=501", "limit")]
    [InlineData("limit=0", "limit")]
    [InlineData("cursor=x", "cursor")]
    [InlineData("createdAfter=yesterday", "createdAfter")]
    [InlineData("label=nocolon", "label")]
    [InlineData("stat=pending", "stat")]
    public async Task A_wrong_filter_is_named(string query, string field)
    {
        using var response = await app.Runner.GetAsync($"/internal/activities?{query}");
        var problem = await response.ShouldBeProblemAsync("invalid-request");
        Assert.Contains(field, problem["errors"]!.AsObject().Select(error => error.Key));
    }

    [StoreFact]
    public async Task One_activity_shows_its_history_and_leaves_out_what_is_large()
    {
        var activity = await app.RegisterAnyAsync();
        await app.PostAsync($"/internal/activities/{activity.Id}/tokens", "{\"rotate\":true}");
        await app.PostAsync($"/internal/activities/{activity.Id}/cancel", "{\"reason\":\"r\"}");
        await app.PostAsync($"/internal/activities/{activity.Id}/complete", $"\"{new string('x', 70_000)}\"");
        var view = await app.GetAsync($"/internal/activities/{activity.Id}");
        Assert.Equal(["registered", "token-rotated", "cancel-requested", "closed"], view["history"]!.AsArray().Select(happened => (string)happened!["event"]!));
        Assert.Equal(70_002, (long)view["omittedPayloads"]!["outcome"]!);
        Assert.Null(view["outcome"]!["result"]);
        Assert.Equal("waiting", (string?)view["delivery"]!["status"]);
        Assert.DoesNotContain("cbgt", view.ToJsonString(), StringComparison.Ordinal);
    }

    [StoreFact]
    public async Task Canceling_asks_and_force_closes_at_once()
    {
        var activity = await app.RegisterAnyAsync();
        using var asked = await app.Runner.PostAsync($"/internal/activities/{activity.Id}/cancel", GatewayApp.Json("{\"reason\":\"r\"}"));
        Assert.Equal(HttpStatusCode.Accepted, asked.StatusCode);
        Assert.Equal(("pending", true), await ReadAsync(asked));
        using var forced = await app.Runner.PostAsync($"/internal/activities/{activity.Id}/cancel", GatewayApp.Json("{\"force\":true}"));
        Assert.Equal(HttpStatusCode.OK, forced.StatusCode);
        Assert.Equal(("canceled", true), await ReadAsync(forced));
        var outcome = await app.GetAsync($"/internal/activities/{activity.Id}/outcome");
        Assert.Equal(("canceled", "r", "runner"), ((string)outcome["state"]!, (string)outcome["reason"]!, (string)outcome["closedBy"]!));
        using var again = await app.Runner.PostAsync($"/internal/activities/{activity.Id}/cancel", GatewayApp.Json("{\"force\":true}"));
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
    }

    [StoreFact]
    public async Task Canceling_what_is_completed_says_so()
    {
        var activity = await app.RegisterAnyAsync();
        await app.CompleteAsync(activity);
        using var refused = await app.Runner.PostAsync($"/internal/activities/{activity.Id}/cancel", GatewayApp.Json("{}"));
        await refused.ShouldBeProblemAsync("already-closed");
        using var token = await app.Runner.PostAsync($"/internal/activities/{activity.Id}/tokens", GatewayApp.Json("{}"));
        await token.ShouldBeProblemAsync("already-closed");
    }

    [StoreFact]
    public async Task Runners_complete_by_id_and_by_the_workflows_own_ids()
    {
        var byId = await app.RegisterAnyAsync();
        var receipt = await app.PostAsync($"/internal/activities/{byId.Id}/complete", "{\"a\":1}");
        Assert.Equal("completed", (string?)receipt["state"]);
        Assert.Equal("runner", (string?)(await app.GetAsync($"/internal/activities/{byId.Id}/outcome"))["closedBy"]);

        var workflow = $"{Unique()}/100%+ü";
        var path = $"/internal/workflows/{Uri.EscapeDataString(workflow)}/activities/{Uri.EscapeDataString("a/b")}";
        await app.RegisterAsync($$"""{"workflowId":"{{workflow}}","activityId":"a/b","attempt":1}""");
        var newest = await app.RegisterAsync($$"""{"workflowId":"{{workflow}}","activityId":"a/b","attempt":2}""");
        Assert.Equal("pending", (string?)(await app.PostAsync($"{path}/heartbeat", "1"))["state"]);
        Assert.Equal(newest.Id, (string?)(await app.PostAsync($"{path}/fail", "{\"message\":\"m\"}"))["activityId"]);
        using var unknown = await app.Runner.PostAsync($"{path}/complete?runId=other", GatewayApp.Json("1"));
        await unknown.ShouldBeProblemAsync("not-found");
    }

    [StoreTheory]
    [InlineData("01980000-0000-7000-8000-0123456789ab")]
    [InlineData("01980000-0000-7000-8000-0123456789AB")]
    [InlineData("x")]
    public async Task An_unknown_id_is_not_found(string id)
    {
        foreach (var path in new[] { $"/internal/activities/{id}", $"/internal/activities/{id}/outcome" })
        {
            using var response = await app.Runner.GetAsync(path);
            await response.ShouldBeProblemAsync("not-found");
        }
    }

    private static string Unique() => $"w-{Guid.NewGuid():N}";

    private async Task<int> CountAsync(string query) => (await app.GetAsync($"/internal/activities?{query}"))["activities"]!.AsArray().Count;

    private Task<HttpResponseMessage> PostAsync(string body) => app.Runner.PostAsync("/internal/activities", GatewayApp.Json(body));

    private static async Task<(string, bool)> ReadAsync(HttpResponseMessage response)
    {
        var body = await response.Content.ReadFromJsonAsync<JsonObject>();
        return ((string)body!["state"]!, (bool)body["cancelRequested"]!);
    }
}

public sealed class SqliteRegistrationTests(SqliteGateway gateway) : RegistrationTests(gateway), IClassFixture<SqliteGateway>;

[OnPostgres]
public sealed class PostgresRegistrationTests(PostgresGateway gateway) : RegistrationTests(gateway), IClassFixture<PostgresGateway>;
