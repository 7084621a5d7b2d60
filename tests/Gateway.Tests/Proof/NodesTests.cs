using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Gateway.Activities;
using Gateway.Persistence;
using Gateway.Persistence.Postgres;
using Gateway.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.Proof;

/// <summary>Several nodes over one database.</summary>
public sealed class NodesTests
{
    [PostgresFact]
    public async Task Six_nodes_that_start_at_once_on_an_empty_server_all_work()
    {
        using var data = TestData.Create(Store.Postgres);
        var nodes = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => GatewayApp.Start(data: data))));
        try
        {
            var activities = await Task.WhenAll(nodes.Select(node => node.RegisterAnyAsync()));
            foreach (var (activity, place) in activities.Select((activity, place) => (activity, place)))
            {
                using var done = await nodes[(place + 1) % nodes.Length].CallAsync(activity, "complete", "1");
                Assert.Equal(HttpStatusCode.OK, done.StatusCode);
            }
        }
        finally
        {
            foreach (var node in nodes)
            {
                await node.DisposeAsync();
            }
        }
    }

    [PostgresFact]
    public async Task Two_nodes_deliver_everything_once()
    {
        await using var receiver = await CallbackReceiver.StartAsync();
        var delivered = new ConcurrentDictionary<string, int>();
        receiver.Arrived = callback =>
            delivered.AddOrUpdate((string)JsonNode.Parse(callback.Body)!["data"]!["activityId"]!, 1, (_, count) => count + 1);
        using var data = TestData.Create(Store.Postgres);
        Dictionary<string, string?> settings = new() { ["Resume:Webhook:AllowPrivateNetworks"] = "true" };
        using var one = GatewayApp.Start(settings, data: data);
        using var other = GatewayApp.Start(settings, data: data);
        var load = new Load([one.Runner, other.Runner], "two-nodes", $$""","resume":{"kind":"webhook","url":"{{receiver.Url}}hook"}""");
        load.Start();
        await load.MoreAsync(300);
        await load.StopAsync();
        while (load.Acknowledged.Keys.Any(id => !delivered.ContainsKey(id)))
        {
            await receiver.NextAsync();
        }

        await load.CheckAsync(other.Runner);
        Assert.Empty(load.Refusals);
        Assert.All(delivered, activity => Assert.Equal(1, activity.Value));
    }

    [PostgresFact]
    public async Task Whichever_of_two_nodes_is_asked_one_outcome_wins_and_both_tell_it()
    {
        using var data = TestData.Create(Store.Postgres);
        using var one = GatewayApp.Start(data: data);
        using var other = GatewayApp.Start(data: data);
        for (var round = 0; round < 40; round++)
        {
            var activity = await one.RegisterAnyAsync();
            var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(async call =>
            {
                using var response = await (call % 2 == 0 ? one : other).CallAsync(activity, "complete", $"{call / 2}");
                return (Sent: call / 2, response.StatusCode, Body: (await response.Content.ReadFromJsonAsync<JsonObject>())!);
            }));
            var outcome = await other.GetAsync($"/internal/activities/{activity.Id}/outcome");
            var winners = answers.Where(answer => answer.StatusCode is HttpStatusCode.OK).ToList();
            Assert.All(winners, answer => Assert.Equal((int)outcome["result"]!, answer.Sent));
            Assert.Single(winners, answer => !(bool)answer.Body["duplicate"]!);
            Assert.All(answers, answer => Assert.Equal((string?)outcome["closedAt"], (string?)answer.Body["closedAt"]));
        }
    }

    [PostgresFact]
    public async Task A_wait_at_one_node_ends_with_the_commit_at_another()
    {
        using var data = TestData.Create(Store.Postgres);
        using var one = GatewayApp.Start(data: data);
        using var other = GatewayApp.Start(data: data);
        var activity = await one.RegisterAnyAsync(",\"resume\":{\"kind\":\"pull\",\"queue\":\"q\"}");
        var poll = other.Runner.GetAsync($"/internal/activities/{activity.Id}/outcome?waitSeconds=60");
        var lease = other.PostAsync("/internal/outcomes/lease", "{\"queue\":\"q\",\"waitSeconds\":60}");
        await one.CompleteAsync(activity);
        using var answer = await poll.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Single((await lease.WaitAsync(TimeSpan.FromSeconds(30)))["leases"]!.AsArray());
    }

    [PostgresFact]
    public async Task A_node_whose_clock_is_an_hour_wrong_neither_expires_nor_leases_anything_too_early()
    {
        using var data = TestData.Create(Store.Postgres);
        using var right = GatewayApp.Start(data: data);
        using var wrong = GatewayApp.Start(
            data: data, configure: services => services.AddSingleton(new DatabaseTime(new SkewedTime(TimeSpan.FromHours(1)))));
        var activity = await wrong.RegisterAnyAsync(",\"timeoutSeconds\":600,\"resume\":{\"kind\":\"pull\",\"queue\":\"q\"}");
        var shown = await right.GetAsync($"/internal/activities/{activity.Id}");
        var ahead = (DateTimeOffset)shown["createdAt"]! - right.Services.GetRequiredService<TimeProvider>().GetUtcNow();
        Assert.True(ahead < TimeSpan.FromMinutes(1) && ahead > TimeSpan.FromMinutes(-10), $"registered {ahead} ahead");

        using (var done = await right.CallAsync(activity, "complete", "1"))
        {
            Assert.Equal(HttpStatusCode.OK, done.StatusCode);
        }

        var held = Assert.Single((await right.PostAsync("/internal/outcomes/lease", "{\"queue\":\"q\",\"leaseSeconds\":600}"))["leases"]!.AsArray());
        Assert.Empty((await wrong.PostAsync("/internal/outcomes/lease", "{\"queue\":\"q\"}"))["leases"]!.AsArray());
        var settled = await wrong.PostAsync("/internal/outcomes/acknowledge", $$"""{"leaseIds":["{{held!["leaseId"]}}"]}""");
        Assert.Equal("acknowledged", (string?)settled["results"]![0]!["status"]);
        var store = wrong.Services.GetRequiredService<IActivityStore>();
        var pending = await wrong.RegisterAnyAsync(",\"timeoutSeconds\":600");
        Assert.Equal(0, await store.ExpireDueAsync(wrong.Services.GetRequiredService<TimeProvider>().Now(), 100));
        Assert.Equal("pending", (string?)(await right.GetAsync($"/internal/activities/{pending.Id}"))["state"]);
    }

    [PostgresFact]
    public async Task A_killed_node_takes_nothing_along_and_the_other_delivers_it()
    {
        using var data = TestData.Create(Store.Postgres);
        using var survivor = GatewayApp.Start(data: data);
        Load load;
        using (var victim = await GatewayProcess.StartAsync(data))
        {
            using var runner = victim.Runner(data);
            load = new Load([survivor.Runner, runner], "node-killed", ",\"resume\":{\"kind\":\"pull\",\"queue\":\"q\"}");
            load.Start();
            await load.MoreAsync(200);
            victim.Kill();
            await load.MoreAsync(100);
            await load.StopAsync();
        }

        await load.CheckAsync(survivor.Runner);
        var leased = new HashSet<string>();
        while (leased.Count < load.Acknowledged.Count)
        {
            var page = await survivor.PostAsync("/internal/outcomes/lease", "{\"queue\":\"q\",\"max\":500,\"leaseSeconds\":600}");
            Assert.NotEmpty(page["leases"]!.AsArray());
            Assert.All(page["leases"]!.AsArray(), lease => Assert.True(leased.Add((string)lease!["outcome"]!["activityId"]!)));
        }
    }

    [Fact]
    public void The_model_on_PostgreSQL_has_no_change_without_a_migration()
    {
        using var source = new PostgresSource("Host=127.0.0.1;Database=none");
        using var context = new PostgresGatewayDbContext(PostgresMigration.ContextOptions(source));
        Assert.False(Microsoft.EntityFrameworkCore.RelationalDatabaseFacadeExtensions.HasPendingModelChanges(context.Database));
    }

    private sealed class SkewedTime(TimeSpan skew) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + skew;
    }
}
