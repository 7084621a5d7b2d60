using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using Gateway.Tests.Support;
using Xunit.Abstractions;

namespace Gateway.Tests.Resumption.Restate;

/// <summary>A real Restate service waits for an awakeable; the outside answers at the gateway; the workflow goes on.</summary>
public sealed class RestateWorkflowTests(RestateServer restate, ITestOutputHelper output) : IClassFixture<RestateServer>, IAsyncLifetime
{
    private GatewayApp? gateway;
    private CallbackReceiver? announced;

    public async Task InitializeAsync()
    {
        if (RestatePackages.Missing is null)
        {
            announced = await CallbackReceiver.StartAsync();
            gateway = GatewayApp.Start(new()
            {
                ["Resume:Connections:local:Kind"] = "restate",
                ["Resume:Connections:local:Url"] = restate.Ingress.ToString(),
            });
        }
    }

    public async Task DisposeAsync()
    {
        gateway?.Dispose();
        await (announced?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    [RestateFact]
    public async Task Completing_the_activity_resumes_the_workflow_with_the_result()
    {
        var (order, activity) = await StartAsync();

        using var receipt = await gateway!.CallAsync(activity, "complete", """{"chargeId":"ch_1","amount":12345678901234567890}""");

        Assert.Equal(HttpStatusCode.OK, receipt.StatusCode);
        Assert.Equal("ch_1", (string?)(await restate.ResultAsync(order))["result"]!["chargeId"]);
    }

    [RestateFact]
    public async Task A_result_that_breaks_the_schema_does_not_reach_the_workflow()
    {
        var (order, activity) = await StartAsync();

        using var refused = await gateway!.CallAsync(activity, "complete", """{"chargeld":"ch_1"}""");
        using var accepted = await gateway.CallAsync(activity, "complete", """{"chargeId":"ch_2"}""");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.Equal("ch_2", (string?)(await restate.ResultAsync(order))["result"]!["chargeId"]);
    }

    [RestateFact]
    public async Task Failing_the_activity_rejects_the_awakeable_with_type_and_message()
    {
        var (order, activity) = await StartAsync();

        using var receipt = await gateway!.CallAsync(activity, "fail", """{"message":"card declined","type":"PaymentDeclined"}""");

        Assert.Equal(HttpStatusCode.OK, receipt.StatusCode);
        Assert.Equal("PaymentDeclined: card declined", (string?)(await restate.ResultAsync(order))["failed"]);
    }

    [RestateFact]
    public async Task A_completion_while_the_engine_is_down_waits_and_resumes_the_workflow_after_its_restart()
    {
        var (order, activity) = await StartAsync();
        await restate.KillServerAsync();

        using var receipt = await gateway!.CallAsync(activity, "complete", """{"chargeId":"ch_3"}""");

        Assert.Equal(HttpStatusCode.OK, receipt.StatusCode);
        var delivery = Assert.Single((await gateway.GetAsync("/internal/deliveries?kind=restate"))["deliveries"]!.AsArray())!;
        Assert.Equal(activity.Id, (string?)delivery["activityId"]);
        Assert.NotEqual("delivered", (string?)delivery["status"]);
        await restate.StartServerAsync();
        var back = Stopwatch.StartNew();
        Assert.Equal("ch_3", (string?)(await restate.ResultAsync(order))["result"]!["chargeId"]);
        output.WriteLine($"The workflow had returned {back.Elapsed.TotalMilliseconds:0} ms after the server was back.");
    }

    [RestateFact]
    public async Task Many_completions_resume_their_workflows()
    {
        const int count = 50;
        var started = new List<(JsonObject Order, Pending Activity)>();
        for (var i = 0; i < count; i++)
        {
            started.Add(await StartAsync());
        }

        var latencies = new List<double>();
        var all = Stopwatch.StartNew();
        foreach (var (order, activity) in started)
        {
            var one = Stopwatch.StartNew();
            using var receipt = await gateway!.CallAsync(activity, "complete", $$"""{"chargeId":"{{activity.Id}}"}""");
            Assert.Equal(activity.Id, (string?)(await restate.ResultAsync(order))["result"]!["chargeId"]);
            latencies.Add(one.Elapsed.TotalMilliseconds);
        }

        latencies.Sort();
        output.WriteLine(
            $"{count} completions, one after the other, each until its workflow had returned: {all.Elapsed.TotalMilliseconds:0} ms in all; "
            + $"median {latencies[count / 2]:0.0} ms, 95th percentile {latencies[count * 95 / 100]:0.0} ms, longest {latencies[^1]:0.0} ms");
    }

    /// <summary>An order whose step is registered at the gateway and waits.</summary>
    private async Task<(JsonObject Order, Pending Activity)> StartAsync()
    {
        var order = new JsonObject
        {
            ["id"] = $"order-{Guid.NewGuid():N}",
            ["gateway"] = gateway!.Outside.BaseAddress!.ToString().TrimEnd('/'),
            ["key"] = gateway.Runner.DefaultRequestHeaders.Authorization!.Parameter,
            ["announceTo"] = announced!.Url.ToString(),
        };
        await restate.SendAsync(order);
        var registered = JsonNode.Parse((await announced.NextAsync()).Body)!;
        return (order, new Pending((string)registered["id"]!, (string)registered["token"]!));
    }
}
