using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Gateway.Resumption.Temporal.Messages;
using Gateway.Tests.Resumption.Cadence;
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
        gateway = GatewayApp.Start(
            new()
            {
                ["Resume:Connections:prod:Kind"] = "temporal",
                ["Resume:Connections:prod:Url"] = temporal.Http.ToString(),
                ["Resume:Connections:prod:ApiKey"] = "secret-key-1",
                ["Resume:Connections:prod:BlobLimitBytes"] = "4096",
                ["Resume:Connections:grpc:Kind"] = "temporal",
                ["Resume:Connections:grpc:Url"] = temporal.Grpc.ToString(),
                ["Resume:Connections:grpc:Transport"] = "grpc",
                ["Resume:Connections:away:Kind"] = "temporal",
                ["Resume:Connections:away:Url"] = "http://127.0.0.1:1",
                ["Resume:Connections:pay:Kind"] = "cadence",
                ["Resume:Connections:pay:Url"] = "http://127.0.0.1:1",
                ["Resume:Connections:pay:Domain"] = "payments",
                ["Resume:Connections:pay:DomainId"] = FakeCadenceActivity.DomainId,
                ["Resume:Connections:wait:Kind"] = "restate",
                ["Resume:Connections:wait:Url"] = "http://127.0.0.1:1",
            },
            time);
    }

    public async Task DisposeAsync()
    {
        await gateway.DisposeAsync();
        await temporal.DisposeAsync();
    }

    [Theory]
    [InlineData("""{"kind":"temporal","connection":"nowhere","taskToken":"$TOKEN"}""", "resume.connection", "names no configured connection")]
    [InlineData("""{"kind":"temporal","connection":"pay","taskToken":"$TOKEN"}""", "resume.connection", "is a connection of kind cadence, not temporal")]
    [InlineData("""{"kind":"temporal","taskToken":"$TOKEN"}""", "resume.connection", "is required: the name of a configured connection")]
    [InlineData("""{"kind":"temporal","connection":"prod","taskToken":"AAAA"}""", "resume.taskToken", "must be the base64 text of a Temporal task token")]
    [InlineData("""{"kind":"temporal","connection":"prod","taskToken":""}""", "resume.taskToken", "must be the base64 text of a Temporal task token")]
    [InlineData("""{"kind":"temporal","connection":"prod","workflowId":"w"}""", "resume.activityId", "is required where there is no taskToken")]
    [InlineData("""{"kind":"temporal","connection":"prod","activityId":"a"}""", "resume.workflowId", "is required where there is no taskToken")]
    [InlineData("""{"kind":"temporal","connection":"prod","taskToken":"$TOKEN","runId":"r"}""", "resume.runId", "must be left out: the task token says it")]
    [InlineData("""{"kind":"temporal","connection":"prod","workflowId":"w","activityId":"a/b"}""", "resume.activityId", "must not hold '/': Temporal's HTTP API cannot address it; use a task token, or a connection over gRPC")]
    [InlineData("""{"kind":"temporal","connection":"prod","workflowId":"w\u0007","activityId":"a"}""", "resume.workflowId", "must be at most 1000 characters without control characters")]
    [InlineData("""{"kind":"temporal","connection":"prod","taskToken":"$TOKEN","queue":"q"}""", "resume.queue", "belongs to kind pull")]
    [InlineData("""{"kind":"cadence","connection":"pay","taskToken":"$TOKEN"}""", "resume.taskToken", "must be the base64 text of a Cadence task token")]
    [InlineData("""{"kind":"cadence","connection":"pay","workflowId":"w","activityId":"a","failureReason":"cadenceInternal:Panic"}""", "resume.failureReason", "must be 1 to 1000 characters and not begin with cadenceInternal:")]
    [InlineData("""{"kind":"restate","connection":"wait","awakeableId":"prom_1!"}""", "resume.awakeableId", "must be an awakeable id: prom_1… or sign_1… as ctx.awakeable() gives it")]
    [InlineData("""{"kind":"restate","connection":"wait"}""", "resume.awakeableId", "is required")]
    [InlineData("""{"kind":"pull","connection":"prod"}""", "resume.connection", "belongs to kind temporal, cadence, restate")]
    public async Task A_target_that_cannot_work_is_refused_at_registration_and_named(string resume, string field, string message)
    {
        using var response = await gateway.Runner.PostAsync(
            "/internal/activities",
            GatewayApp.Json($$"""{"workflowId":"w","activityId":"a","resume":{{resume.Replace("$TOKEN", TemporalVectorsTests.Token, StringComparison.Ordinal)}}}"""));

        var problem = (await response.Content.ReadFromJsonAsync<JsonObject>())!;
        Assert.Equal((HttpStatusCode.BadRequest, "invalid-request"), (response.StatusCode, (string?)problem["code"]));
        Assert.Equal([message], problem["errors"]![field]!.AsArray().Select(text => (string?)text));
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
        var (fake, activity) = await RegisterAsync("grpc", heartbeatTimeoutSeconds: 100);

        await BeatAsync(activity, """{"percent":1}""");
        await BeatAsync(activity, """{"percent":2}""");
        await BeatAsync(activity, """{"percent":3}""");
        await BeatAsync(activity, null);
        Assert.Equal(["""{"percent":1}"""], Beats(fake));

        time.Advance(TimeSpan.FromSeconds(79));
        Assert.Single(Beats(fake));
        time.Advance(TimeSpan.FromSeconds(1));
        await temporal.WhenCallsAsync(2);

        Assert.Equal(["""{"percent":1}""", """{"percent":3}"""], Beats(fake));
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
