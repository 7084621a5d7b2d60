using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Gateway.Activities;
using Gateway.Expiry;
using Gateway.Persistence;
using Gateway.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.Expiry;

/// <summary>Deadlines, with a clock that the test turns.</summary>
public abstract class ExpiryTests : IDisposable
{
    private readonly ManualTime time = new();
    private readonly GatewayApp app;
    private readonly Store kind;

    protected ExpiryTests(Store store)
    {
        kind = store;
        app = GatewayApp.Start(store: store, time: time);
    }

    public void Dispose() => app.Dispose();

    [StoreFact]
    public async Task An_overall_deadline_closes_the_activity_within_a_second()
    {
        var activity = await app.RegisterAnyAsync(",\"timeoutSeconds\":60");
        var waiting = app.Runner.GetAsync($"/internal/activities/{activity.Id}/outcome?waitSeconds=60");
        time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal("pending", await StateAsync(activity));

        await AdvanceUntilClosedAsync(activity, TimeSpan.FromSeconds(2));
        var outcome = await app.GetAsync($"/internal/activities/{activity.Id}/outcome");
        Assert.Equal(("timedOut", "schedule", "timeout"), ((string)outcome["state"]!, (string)outcome["timeoutKind"]!, (string)outcome["closedBy"]!));
        using var late = await app.CallAsync(activity, "complete", "1");
        await late.ShouldBeProblemAsync("timed-out");
        using var answer = await waiting;
        Assert.True(answer.IsSuccessStatusCode);
    }

    [StoreFact]
    public async Task A_call_that_comes_after_the_deadline_and_before_the_sweeper_is_too_late()
    {
        using var store = SweeplessApp.Start(kind, time);
        var activity = await store.App.RegisterAnyAsync(",\"timeoutSeconds\":60");
        time.Advance(TimeSpan.FromSeconds(60));
        using var late = await store.App.CallAsync(activity, "complete", "1");
        Assert.Equal("timedOut", (string?)(await late.ShouldBeProblemAsync("timed-out"))["state"]);
    }

    [StoreFact]
    public async Task A_missing_heartbeat_closes_the_activity_and_a_timely_one_keeps_it()
    {
        var activity = await app.RegisterAnyAsync(",\"timeoutSeconds\":3600,\"heartbeatTimeoutSeconds\":60");
        time.Advance(TimeSpan.FromSeconds(50));
        using (var beat = await app.CallAsync(activity, "heartbeat", "1"))
        {
            Assert.True(beat.IsSuccessStatusCode);
        }

        time.Advance(TimeSpan.FromSeconds(50));
        await app.Services.GetRequiredService<IActivityStore>().ProbeAsync();
        Assert.Equal("pending", await StateAsync(activity));
        await AdvanceUntilClosedAsync(activity, TimeSpan.FromSeconds(12));
        var outcome = await app.GetAsync($"/internal/activities/{activity.Id}/outcome");
        Assert.Equal(("timedOut", "heartbeat"), ((string)outcome["state"]!, (string)outcome["timeoutKind"]!));
        Assert.NotNull(outcome["lastHeartbeat"]);
    }

    [StoreFact]
    public async Task A_value_for_the_deadline_completes_instead_of_timing_out()
    {
        var activity = await app.RegisterAnyAsync(",\"timeoutSeconds\":60,\"onTimeout\":{\"result\":{ \"chargeId\" : 1.10 }}");
        await AdvanceUntilClosedAsync(activity, TimeSpan.FromSeconds(61));
        var outcome = await app.Runner.GetStringAsync($"/internal/activities/{activity.Id}/outcome");
        Assert.Contains("\"state\":\"completed\",\"result\":{ \"chargeId\" : 1.10 }", outcome, StringComparison.Ordinal);
        Assert.Contains("\"closedBy\":\"timeout\"", outcome, StringComparison.Ordinal);
    }

    [StoreFact]
    public async Task A_deadline_that_passed_while_the_gateway_was_down_closes_at_the_start()
    {
        using var data = TestData.Create(kind);
        Pending activity;
        using (var before = GatewayApp.Start(time: time, data: data))
        {
            activity = await before.RegisterAnyAsync(",\"timeoutSeconds\":60");
        }

        time.Advance(TimeSpan.FromHours(1));
        using var after = GatewayApp.Start(time: time, data: data);
        using var answer = await after.Runner.GetAsync($"/internal/activities/{activity.Id}/outcome?waitSeconds=60");
        Assert.Equal("timedOut", (string?)(await answer.Content.ReadFromJsonAsync<JsonObject>())!["state"]);
    }

    [StoreFact]
    public async Task What_is_closed_delivered_and_old_is_removed_and_its_token_says_so()
    {
        // An hour, not thirty days: every sweep of the time that passes runs, and there is one a second.
        using var brief = GatewayApp.Start(new() { ["Activities:RetentionDays"] = "0.04" }, time, store: kind);
        var delivered = await brief.RegisterAnyAsync(",\"resume\":{\"kind\":\"pull\",\"queue\":\"q\"},\"labels\":{\"a\":\"b\"}");
        var unread = await brief.RegisterAnyAsync(",\"resume\":{\"kind\":\"pull\",\"queue\":\"other\"}");
        foreach (var activity in new[] { delivered, unread })
        {
            using var done = await brief.CallAsync(activity, "complete", "1");
            Assert.True(done.IsSuccessStatusCode);
        }

        var leased = await brief.PostAsync("/internal/outcomes/lease", "{\"queue\":\"q\"}");
        await brief.PostAsync("/internal/outcomes/acknowledge", $$"""{"leaseIds":["{{leased["leases"]![0]!["leaseId"]}}"]}""");
        var sweeper = brief.Services.GetServices<Microsoft.Extensions.Hosting.IHostedService>().OfType<RetentionSweeper>().Single();
        Assert.Equal(0, await sweeper.RunPassAsync(CancellationToken.None));

        time.Advance(TimeSpan.FromHours(1));
        await sweeper.RunPassAsync(CancellationToken.None);

        using var gone = await brief.CallAsync(delivered, "complete", "1");
        await gone.ShouldBeProblemAsync("purged");
        using var unknown = await brief.Runner.GetAsync($"/internal/activities/{delivered.Id}");
        await unknown.ShouldBeProblemAsync("not-found");
        Assert.Equal("completed", (string?)(await brief.GetAsync($"/internal/activities/{unread.Id}"))["state"]);
    }

    private async Task<string> StateAsync(Pending activity) => (string)(await app.GetAsync($"/internal/activities/{activity.Id}"))["state"]!;

    /// <summary>Moves the clock and waits for the outcome's signal, which comes after the commit.</summary>
    private async Task AdvanceUntilClosedAsync(Pending activity, TimeSpan by)
    {
        Assert.True(ActivityId.TryParse(activity.Id, out var id));
        using var waiter = app.Services.GetRequiredService<Gateway.Resumption.Pull.OutcomeWaiters>().Enter(id);
        time.Advance(by);
        await waiter.WaitAsync(TimeSpan.FromHours(1), CancellationToken.None);
        Assert.NotEqual("pending", await StateAsync(activity));
    }

    /// <summary>A gateway whose sweeper never runs.</summary>
    private sealed class SweeplessApp : IDisposable
    {
        public required GatewayApp App { get; init; }

        public static SweeplessApp Start(Store store, TimeProvider time) => new()
        {
            App = GatewayApp.Start(store: store, time: time, configure: services =>
            {
                foreach (var sweeper in services.Where(service => service.ImplementationType == typeof(ExpirySweeper)).ToList())
                {
                    services.Remove(sweeper);
                }
            }),
        };

        public void Dispose() => App.Dispose();
    }
}

public sealed class SqliteExpiryTests() : ExpiryTests(Store.Sqlite);

[OnPostgres]
public sealed class PostgresExpiryTests() : ExpiryTests(Store.Postgres);
