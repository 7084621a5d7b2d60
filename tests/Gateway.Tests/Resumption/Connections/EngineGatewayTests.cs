using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Gateway.Resumption.Temporal.Messages;
using Gateway.Tests.Resumption.Temporal;
using Gateway.Tests.Support;

namespace Gateway.Tests.Resumption.Connections;

/// <summary>The whole gateway before engines: from registration to the engine's own completion call.</summary>
public sealed class EngineGatewayTests : IAsyncLifetime
{
    private readonly ManualTime time = new();
    private FakeTemporal temporal = null!;
    private GatewayApp gateway = null!;

    public async Task InitializeAsync()
    {
        temporal = await FakeTemporal.StartAsync();
        gateway = GatewayApp.Start(EngineSettings.For(temporal), time);
    }

    public async Task DisposeAsync()
    {
        await gateway.DisposeAsync();
        await temporal.DisposeAsync();
    }

    [Theory]
    [InlineData("prod")]
    [InlineData("grpc")]
    public async Task A_completion_from_outside_becomes_the_engines_own(string connection)
    {
        temporal.Bearer = connection == "prod" ? "secret-key-1" : null;
        var (fake, activity) = await RegisterAsync(connection);

        using var receipt = await gateway.CallAsync(activity, "complete", """{"chargeId":"ch_1"}""");

        Assert.Equal(HttpStatusCode.OK, receipt.StatusCode);
        await DeliveredAsync(activity);
        Assert.Equal("""{"chargeId":"ch_1"}""", ((RespondActivityTaskCompletedRequest)Assert.Single(fake.Log).Message).Result.Payloads_[0].Data.ToStringUtf8());
    }

    [Fact]
    public async Task An_engine_that_is_down_delays_no_other_and_its_outcome_waits()
    {
        var down = await gateway.RegisterAnyAsync($$""","resume":{"kind":"temporal","connection":"away","taskToken":"{{TemporalVectorsTests.Token}}"}""");
        var (_, up) = await RegisterAsync("grpc");

        Assert.Equal(HttpStatusCode.OK, (await gateway.CallAsync(down, "complete", "1")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await gateway.CallAsync(up, "complete", "2")).StatusCode);

        await DeliveredAsync(up);
        await UntilAsync(async () => (string?)(await HealthAsync())["connections"]!["away"]!["status"] == "down");
        var delivery = Assert.Single((await gateway.GetAsync("/internal/deliveries?status=waiting"))["deliveries"]!.AsArray())!;
        Assert.Equal((down.Id, "away"), ((string?)delivery["activityId"], (string?)delivery["target"]));
        var health = await HealthAsync();
        Assert.Equal("ready", (string?)health["status"]);
        Assert.Equal("up", (string?)health["connections"]!["grpc"]!["status"]);
    }

    [Fact]
    public async Task A_result_over_the_engines_limit_is_refused_at_the_door()
    {
        var (fake, activity) = await RegisterAsync("prod");
        var tooLarge = "\"" + new string('x', 4096) + "\"";

        using var refused = await gateway.CallAsync(activity, "complete", tooLarge);
        var other = await gateway.RegisterAnyAsync();
        using var accepted = await gateway.CallAsync(other, "complete", tooLarge);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, refused.StatusCode);
        Assert.Equal(HttpStatusCode.OK, accepted.StatusCode);
        Assert.Empty(fake.Log);
    }

    [Fact]
    public async Task Heartbeats_are_passed_on_once_per_interval_with_the_last_details()
    {
        // A turn of 8 s: the clock moves too little for an engine to be probed, or for a call on it to run out of time.
        var (fake, activity) = await RegisterAsync("grpc", heartbeatTimeoutSeconds: 10);

        await BeatAsync(activity, """{"percent":1}""");
        await BeatAsync(activity, """{"percent":2}""");
        await BeatAsync(activity, """{"percent":3}""");
        await BeatAsync(activity, null);
        Assert.Equal(["""{"percent":1}"""], Beats(fake));

        time.Advance(TimeSpan.FromSeconds(7));
        Assert.Single(Beats(fake));
        time.Advance(TimeSpan.FromSeconds(1));
        await temporal.WhenCallsAsync(2);

        Assert.Equal(["""{"percent":1}""", """{"percent":3}"""], Beats(fake));
    }

    [Fact]
    public async Task A_heartbeat_that_the_engine_missed_is_passed_on_again_before_it_gives_the_activity_up()
    {
        var (fake, activity) = await RegisterAsync("grpc", heartbeatTimeoutSeconds: 10);
        await UntilAsync(async () => (string?)(await HealthAsync())["connections"]!["grpc"]!["status"] == "up");
        temporal.Fault = FakeFault.ResetBefore;

        await BeatAsync(activity, """{"percent":1}""");
        Assert.Empty(fake.Log);
        time.Advance(TimeSpan.FromSeconds(1));
        await temporal.WhenCallsAsync(1);

        Assert.Equal(["""{"percent":1}"""], Beats(fake));
    }

    [Fact]
    public async Task The_engines_request_to_cancel_comes_back_and_stays()
    {
        var (fake, activity) = await RegisterAsync("grpc", heartbeatTimeoutSeconds: 100);
        fake.CancelRequested = true;

        Assert.True((bool)(await BeatAsync(activity, null))["cancelRequested"]!);
        Assert.True((bool)(await BeatAsync(activity, null))["cancelRequested"]!);

        using var canceled = await gateway.CallAsync(activity, "cancel", null);
        Assert.Equal(HttpStatusCode.OK, canceled.StatusCode);
        await DeliveredAsync(activity);
        Assert.Equal("canceled", fake.Log[^1].Kind);
    }

    [Fact]
    public async Task An_activity_that_its_engine_has_closed_is_closed_here_and_its_token_answers_gone()
    {
        var (fake, activity) = await RegisterAsync("grpc");
        fake.WorkflowClosed = true;

        using var beat = await gateway.CallAsync(activity, "heartbeat", null);
        using var complete = await gateway.CallAsync(activity, "complete", "1");

        Assert.Equal((HttpStatusCode.Gone, HttpStatusCode.Gone), (beat.StatusCode, complete.StatusCode));
        Assert.Contains("its workflow engine waits for it no more", await beat.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var view = await gateway.GetAsync($"/internal/activities/{activity.Id}");
        Assert.Equal(("canceled", "engine"), ((string?)view["state"], (string?)view["closedBy"]));
        Assert.Contains("workflow execution already completed", (string?)view["outcome"]!["reason"], StringComparison.Ordinal);
        await DeliveredAsync(activity);
    }

    [Fact]
    public async Task An_unreachable_engine_does_not_fail_a_heartbeat()
    {
        var activity = await gateway.RegisterAnyAsync($$""","resume":{"kind":"temporal","connection":"away","taskToken":"{{TemporalVectorsTests.Token}}"}""");

        Assert.False((bool)(await BeatAsync(activity, "1"))["cancelRequested"]!);
    }

    [Fact]
    public async Task Neither_the_engines_token_nor_the_connections_key_is_shown()
    {
        var (_, activity) = await RegisterAsync("prod");

        var view = await gateway.GetAsync($"/internal/activities/{activity.Id}");
        var health = await gateway.Outside.GetStringAsync("/health/ready");

        Assert.Equal(("temporal", "prod"), ((string?)view["resume"]!["kind"], (string?)view["resume"]!["target"]));
        Assert.DoesNotContain("NzRhLTQwOTQ", view.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain("secret-key-1", view.ToJsonString() + health, StringComparison.Ordinal);
    }

    private async Task<(FakeActivity Fake, Pending Activity)> RegisterAsync(string connection, int? heartbeatTimeoutSeconds = null)
    {
        var fake = temporal.Add($"order-{Guid.NewGuid():N}");
        var beat = heartbeatTimeoutSeconds is null ? "" : $",\"heartbeatTimeoutSeconds\":{heartbeatTimeoutSeconds}";
        var more = $$"""{{beat}},"resume":{"kind":"temporal","connection":"{{connection}}","taskToken":"{{Convert.ToBase64String(fake.Token())}}"}""";
        return (fake, await gateway.RegisterAnyAsync(more));
    }

    private async Task<JsonObject> BeatAsync(Pending activity, string? details)
    {
        using var response = await gateway.CallAsync(activity, "heartbeat", details);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<JsonObject>())!;
    }

    private static List<string> Beats(FakeActivity fake)
    {
        lock (fake.Log)
        {
            return [.. fake.Log.Select(entry => ((RecordActivityTaskHeartbeatRequest)entry.Message).Details.Payloads_[0].Data.ToStringUtf8())];
        }
    }

    private async Task<JsonObject> HealthAsync() => (await gateway.Outside.GetFromJsonAsync<JsonObject>("/health/ready"))!;

    private Task DeliveredAsync(Pending activity) => UntilAsync(async () =>
        (string?)(await gateway.GetAsync($"/internal/activities/{activity.Id}"))["delivery"]?["status"] == "delivered");

    /// <summary>Asks the gateway itself: an attempt's record has no other event outside.</summary>
    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var asking = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await isSo())
        {
            await asking.WaitForNextTickAsync(patience.Token);
        }
    }
}
