using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Gateway.Activities;
using Gateway.Resumption;
using Gateway.Resumption.Pull;
using Gateway.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Gateway.Tests.Resumption.Pull;

/// <summary>Pull queues and the outcome long poll, over HTTP with a clock that the test turns.</summary>
public abstract class PullTests : IDisposable
{
    private readonly ManualTime time = new();
    private readonly GatewayApp app;

    /// <summary>Without the dispatcher, so that the only one-second timers are those of waiting leases.</summary>
    protected PullTests(Store store) => app = GatewayApp.Start(store: store, time: time, configure: services =>
        services.Remove(services.Single(service => service.ImplementationType == typeof(ResumptionDispatcher))));

    public void Dispose() => app.Dispose();

    [StoreFact]
    public async Task A_lease_hands_out_the_outcome_and_an_acknowledgement_ends_it()
    {
        var activity = await CompletedAsync("q", "{ \"n\":1.10 }");
        using var response = await app.Runner.PostAsync("/internal/outcomes/lease", GatewayApp.Json("{\"queue\":\"q\"}"));
        var text = await response.Content.ReadAsStringAsync();
        Assert.Contains("\"result\":{ \"n\":1.10 }", text, StringComparison.Ordinal);
        var lease = JsonNode.Parse(text)!["leases"]![0]!;
        Assert.Equal((activity.Id, 1), ((string)lease["outcome"]!["activityId"]!, (int)lease["attempt"]!));

        Assert.Empty(await LeaseAsync("q"));
        Assert.Equal("acknowledged", await SettleAsync("acknowledge", lease));
        Assert.Equal("acknowledged", await SettleAsync("acknowledge", lease));
        Assert.Equal("lease-lost", await SettleAsync("release", lease));
        time.Advance(TimeSpan.FromHours(1));
        Assert.Empty(await LeaseAsync("q"));
    }

    [StoreFact]
    public async Task An_expired_lease_goes_to_the_next_holder_and_fences_off_the_late_one()
    {
        await CompletedAsync("q", "1");
        var first = Assert.Single(await LeaseAsync("q", ",\"leaseSeconds\":10"))!;
        time.Advance(TimeSpan.FromSeconds(10));
        var second = Assert.Single(await LeaseAsync("q"))!;
        Assert.Equal(2, (int)second["attempt"]!);
        Assert.Equal("lease-lost", await SettleAsync("acknowledge", first));
        Assert.Equal("acknowledged", await SettleAsync("acknowledge", second));
    }

    [StoreFact]
    public async Task A_released_outcome_comes_back_at_once_or_after_its_delay()
    {
        await CompletedAsync("q", "1");
        var lease = Assert.Single(await LeaseAsync("q"))!;
        Assert.Equal("released", await SettleAsync("release", lease));
        Assert.Equal("released", await SettleAsync("release", lease));
        lease = Assert.Single(await LeaseAsync("q"))!;
        Assert.Equal("released", await SettleAsync("release", lease, ",\"delaySeconds\":60"));
        Assert.Empty(await LeaseAsync("q"));
        time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(3, (int)Assert.Single(await LeaseAsync("q"))!["attempt"]!);
    }

    [StoreFact]
    public async Task A_waiting_lease_wakes_with_the_commit()
    {
        var waiting = app.PostAsync("/internal/outcomes/lease", "{\"queue\":\"q\",\"waitSeconds\":60}");
        await time.WhenArmed(left => left > TimeSpan.FromMilliseconds(900) && left <= TimeSpan.FromSeconds(1));
        var activity = await CompletedAsync("q", "1");
        // The clock stands still: nothing but the commit's signal can wake it.
        var leases = (await waiting)["leases"]!.AsArray();
        Assert.Equal(activity.Id, (string?)Assert.Single(leases)!["outcome"]!["activityId"]);
    }

    [StoreFact]
    public async Task A_waiting_long_poll_wakes_with_the_commit_and_an_unanswered_one_ends_without_content()
    {
        var activity = await app.RegisterAnyAsync();
        var waiting = app.Runner.GetAsync($"/internal/activities/{activity.Id}/outcome?waitSeconds=60");
        await time.WhenArmed(left => left == TimeSpan.FromSeconds(60));
        await app.CompleteAsync(activity);
        using var answer = await waiting;
        Assert.Equal("completed", (string?)(await answer.Content.ReadFromJsonAsync<JsonObject>())!["state"]);

        var pending = await app.RegisterAnyAsync();
        using var now = await app.Runner.GetAsync($"/internal/activities/{pending.Id}/outcome");
        Assert.Equal(HttpStatusCode.NoContent, now.StatusCode);
        var late = app.Runner.GetAsync($"/internal/activities/{pending.Id}/outcome?waitSeconds=30");
        await time.WhenArmed(left => left == TimeSpan.FromSeconds(30));
        time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(HttpStatusCode.NoContent, (await late).StatusCode);
        Assert.Equal(0, app.Services.GetRequiredService<OutcomeWaiters>().Count);
    }

    [StoreFact]
    public async Task A_waiting_lease_ends_empty_when_its_time_is_over()
    {
        var waiting = app.PostAsync("/internal/outcomes/lease", "{\"queue\":\"q\",\"waitSeconds\":1}");
        await time.WhenArmed(left => left > TimeSpan.FromMilliseconds(900) && left <= TimeSpan.FromSeconds(1));
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Empty((await waiting)["leases"]!.AsArray());
    }

    [StoreFact]
    public async Task Open_waits_end_early_when_the_gateway_stops()
    {
        var activity = await app.RegisterAnyAsync();
        var poll = app.Runner.GetAsync($"/internal/activities/{activity.Id}/outcome?waitSeconds=60");
        await time.WhenArmed(left => left == TimeSpan.FromSeconds(60));
        var lease = app.PostAsync("/internal/outcomes/lease", "{\"queue\":\"q\",\"waitSeconds\":60}");
        await time.WhenArmed(left => left > TimeSpan.FromMilliseconds(900) && left <= TimeSpan.FromSeconds(1));
        app.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        Assert.Equal(HttpStatusCode.NoContent, (await poll).StatusCode);
        Assert.Empty((await lease)["leases"]!.AsArray());
    }

    [StoreTheory]
    [InlineData("lease", """{"max":0}""", "max")]
    [InlineData("lease", """{"max":501}""", "max")]
    [InlineData("lease", """{"waitSeconds":61}""", "waitSeconds")]
    [InlineData("lease", """{"leaseSeconds":0}""", "leaseSeconds")]
    [InlineData("lease", """{"queue":"a b"}""", "queue")]
    [InlineData("acknowledge", """{}""", "leaseIds")]
    [InlineData("acknowledge", """{"leaseIds":[]}""", "leaseIds")]
    [InlineData("release", """{"leaseIds":["1.1"],"delaySeconds":-1}""", "delaySeconds")]
    public async Task What_is_wrong_is_named_by_field(string call, string body, string field)
    {
        using var response = await app.Runner.PostAsync($"/internal/outcomes/{call}", GatewayApp.Json(body));
        var problem = await response.ShouldBeProblemAsync("invalid-request");
        Assert.Contains(field, problem["errors"]!.AsObject().Select(error => error.Key));
    }

    [StoreFact]
    public async Task A_lease_that_never_was_is_lost()
    {
        var answer = await app.PostAsync("/internal/outcomes/acknowledge", """{"leaseIds":["7.1","x",""]}""");
        Assert.Equal(["lease-lost", "lease-lost", "lease-lost"], answer["results"]!.AsArray().Select(result => (string)result!["status"]!));
    }

    [StoreFact]
    public async Task A_signal_that_one_waiter_leaves_unused_wakes_the_next()
    {
        var signal = new OutboxSignal(TimeProvider.System);
        var first = signal.Enter("l");
        using var second = signal.Enter("l");
        signal.Committed(new Gateway.Persistence.CommitNotice(ResumeKind.Pull, "l", null));
        first.Dispose();
        var watch = Stopwatch.StartNew();
        await second.WaitAsync(TimeSpan.FromMinutes(1), CancellationToken.None);
        Assert.True(watch.Elapsed < TimeSpan.FromMinutes(1));
    }

    private async Task<Pending> CompletedAsync(string queue, string body)
    {
        var activity = await app.RegisterAnyAsync($$""","resume":{"kind":"pull","queue":"{{queue}}"}""");
        using var done = await app.CallAsync(activity, "complete", body);
        Assert.Equal(HttpStatusCode.OK, done.StatusCode);
        return activity;
    }

    private async Task<JsonArray> LeaseAsync(string queue, string more = "") =>
        (await app.PostAsync("/internal/outcomes/lease", $$"""{"queue":"{{queue}}"{{more}}}"""))["leases"]!.AsArray();

    private async Task<string> SettleAsync(string call, JsonNode lease, string more = "") =>
        (string)(await app.PostAsync($"/internal/outcomes/{call}", $$"""{"leaseIds":["{{lease["leaseId"]}}"]{{more}}}"""))["results"]![0]!["status"]!;
}

public sealed class SqlitePullTests() : PullTests(Store.Sqlite);

[OnPostgres]
public sealed class PostgresPullTests() : PullTests(Store.Postgres);
