using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Gateway.Activities;
using Gateway.Expiry;
using Gateway.Persistence;
using Gateway.Persistence.Postgres;
using Gateway.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Gateway.Tests.Proof;

/// <summary>
/// Two nodes over one database: the one that registered an activity answers its completion as it stands there, whatever it
/// remembers itself.
/// </summary>
[OnPostgres]
public sealed class RememberedAnswersTests : IDisposable
{
    private const string Schema = ""","returnSchema":{"type":"number"},"resume":{"kind":"pull","queue":"q"}""";
    private static readonly Dictionary<string, string?> Settings = new() { ["Activities:RetentionDays"] = "0.04", ["Limits:MaxPayloadBytes"] = "1024" };

    private readonly ManualTime time = new();
    private readonly TestData data = TestData.Create(Store.Postgres);
    private readonly GatewayApp one;
    private readonly GatewayApp other;

    public RememberedAnswersTests() => (one, other) = (GatewayApp.Start(Settings, time, data: data), GatewayApp.Start(Settings, time, data: data));

    private RecentActivities Recent => ((PostgresStorage)one.Services.GetRequiredService<IStorage>()).Recent;

    public void Dispose()
    {
        one.Dispose();
        other.Dispose();
        data.Dispose();
    }

    [StoreTheory]
    [InlineData("complete", "already-closed")]
    [InlineData("fail", "already-closed")]
    [InlineData("cancel", "canceled")]
    [InlineData("rotate", "token-superseded")]
    [InlineData("supersede", "attempt-superseded")]
    [InlineData("purge", "purged")]
    public async Task Whatever_comes_after_another_nodes_change_is_told_of_it(string change, string code)
    {
        var (activity, guess) = await RegisterAsync();
        await ChangeAsync(activity, change);

        foreach (var (body, query) in new[] { ("2", ""), ("\"unfit\"", ""), ("{not json", ""), ("2", "?dryRun=true"), ("\"unfit\"", "?dryRun=true") })
        {
            Remember(guess);
            using var answer = await one.CallAsync(activity, "complete" + query, body);
            await answer.ShouldBeProblemAsync(code);
        }
    }

    [StoreTheory]
    [InlineData("none", "payload-too-large")]
    [InlineData("complete", "payload-too-large")]
    [InlineData("rotate", "token-superseded")]
    [InlineData("purge", "purged")]
    public async Task A_body_that_is_too_large_is_told_what_it_would_be_told_after_a_read(string change, string code)
    {
        var (activity, guess) = await RegisterAsync();
        await ChangeAsync(activity, change);
        Remember(guess);
        using var answer = await one.CallAsync(activity, "complete", new string(' ', 5000) + "1");
        await answer.ShouldBeProblemAsync(code);
    }

    [StoreTheory]
    [InlineData("complete", "already-closed")]
    [InlineData("supersede", "attempt-superseded")]
    [InlineData("purge", "not-found")]
    public async Task A_runner_is_told_the_same_by_the_activitys_id(string change, string code)
    {
        var (activity, guess) = await RegisterAsync();
        await ChangeAsync(activity, change);
        Remember(guess);
        using var answer = await one.Runner.PostAsync($"/internal/activities/{activity.Id}/complete", GatewayApp.Json("2"));
        await answer.ShouldBeProblemAsync(code);
    }

    [StoreFact]
    public async Task The_same_result_that_another_node_took_is_a_retry()
    {
        var (activity, guess) = await RegisterAsync();
        await ChangeAsync(activity, "complete");
        Remember(guess);
        using var answer = await one.CallAsync(activity, "complete", "1");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.True((bool)(await answer.Content.ReadFromJsonAsync<JsonObject>())!["duplicate"]!);
    }

    [StoreTheory]
    [InlineData("heartbeat")]
    [InlineData("request-cancel")]
    [InlineData("none")]
    public async Task A_pending_activity_refuses_what_does_not_fit_and_takes_what_does(string change)
    {
        var (activity, guess) = await RegisterAsync();
        await ChangeAsync(activity, change);
        Remember(guess);
        using (var unfit = await one.CallAsync(activity, "complete", "\"unfit\""))
        {
            await unfit.ShouldBeProblemAsync("schema-violation");
        }

        using (var dry = await one.CallAsync(activity, "complete?dryRun=true", "2"))
        {
            Assert.True((bool)(await dry.Content.ReadFromJsonAsync<JsonObject>())!["valid"]!);
        }

        Remember(guess);
        using var answer = await one.CallAsync(activity, "complete", "2");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var view = await other.GetAsync($"/internal/activities/{activity.Id}");
        Assert.Equal(("completed", change is "heartbeat"), ((string?)view["state"], view["lastHeartbeat"] is not null));
    }

    [StoreFact]
    public async Task What_another_node_closed_is_shown_so_at_once()
    {
        var (activity, guess) = await RegisterAsync();
        await ChangeAsync(activity, "complete");
        Remember(guess);
        using var view = await one.Outside.GetAsync($"/activities/{activity.Token}");
        Assert.Equal("completed", (string?)(await view.Content.ReadFromJsonAsync<JsonObject>())!["state"]);
        Assert.Equal("completed", (string?)(await one.GetAsync($"/internal/activities/{activity.Id}"))["state"]);
    }

    /// <summary>Another node's news may have reached this one's memory by now: it is put back as it was before.</summary>
    private void Remember(WorkflowActivity guess)
    {
        Recent.Drop(guess.Id);
        Recent.Stage(guess, labels: 0);
        Recent.Publish();
    }

    private async Task<(Pending Activity, WorkflowActivity Guess)> RegisterAsync()
    {
        var activity = await one.RegisterAnyAsync(Schema);
        Assert.True(ActivityId.TryParse(activity.Id, out var id));
        return (activity, Recent.Find(id)!);
    }

    private async Task ChangeAsync(Pending activity, string change)
    {
        switch (change)
        {
            case "complete" or "fail" or "cancel" or "heartbeat":
                using (var done = await other.CallAsync(activity, change, change is "fail" ? """{"message":"no"}""" : "1"))
                {
                    Assert.Equal(HttpStatusCode.OK, done.StatusCode);
                }

                break;
            case "request-cancel":
                await other.PostAsync($"/internal/activities/{activity.Id}/cancel", """{"reason":"why"}""");
                break;
            case "rotate":
                await other.PostAsync($"/internal/activities/{activity.Id}/tokens", """{"rotate":true}""");
                break;
            case "supersede":
                var workflow = (string?)(await other.GetAsync($"/internal/activities/{activity.Id}"))["workflowId"];
                await other.RegisterAsync($$"""{"workflowId":"{{workflow}}","activityId":"a","attempt":2}""");
                break;
            case "purge":
                await ChangeAsync(activity, "complete");
                var leased = await other.PostAsync("/internal/outcomes/lease", "{\"queue\":\"q\"}");
                await other.PostAsync("/internal/outcomes/acknowledge", $$"""{"leaseIds":["{{leased["leases"]![0]!["leaseId"]}}"]}""");
                time.Advance(TimeSpan.FromHours(1));
                await other.Services.GetServices<IHostedService>().OfType<RetentionSweeper>().Single().RunPassAsync(CancellationToken.None);
                break;
        }
    }
}
