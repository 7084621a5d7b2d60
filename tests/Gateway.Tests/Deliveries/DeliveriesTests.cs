using System.Text.Json.Nodes;
using Gateway.Tests.Support;

namespace Gateway.Tests.Deliveries;

/// <summary>What operators see of push deliveries, and how they put them back in line.</summary>
public abstract class DeliveriesTests(Store store) : IAsyncLifetime
{
    private readonly GatewayApp app = GatewayApp.Start(store: store, settings: new() { ["Resume:Webhook:AllowPrivateNetworks"] = "true" });
    private CallbackReceiver receiver = null!;

    public async Task InitializeAsync()
    {
        receiver = await CallbackReceiver.StartAsync();
        receiver.Answer = (context, _) => CallbackReceiver.Status(context, 410);
    }

    public async Task DisposeAsync()
    {
        await receiver.DisposeAsync();
        await app.DisposeAsync();
    }

    [StoreFact]
    public async Task Dead_deliveries_are_listed_filtered_and_redelivered_one_or_all()
    {
        var workflow = $"w-{Guid.NewGuid():N}";
        var ids = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            ids.Add(await DeadAsync(workflow, i));
        }

        var page = await WhenAllAsync("dead", workflow, 3);
        Assert.Equal(ids.AsEnumerable().Reverse(), page["deliveries"]!.AsArray().Select(delivery => (string)delivery!["activityId"]!));
        var first = page["deliveries"]![0]!;
        Assert.Equal(("webhook", receiver.Url.GetLeftPart(UriPartial.Authority), 1), ((string)first["kind"]!, (string)first["target"]!, (int)first["attempts"]!));
        Assert.Empty((await app.GetAsync($"/internal/deliveries?status=delivered&workflowId={workflow}"))["deliveries"]!.AsArray());
        var paged = await app.GetAsync($"/internal/deliveries?workflowId={workflow}&limit=2");
        Assert.Single((await app.GetAsync($"/internal/deliveries?workflowId={workflow}&limit=2&cursor={paged["nextCursor"]}"))["deliveries"]!.AsArray());

        receiver.Answer = (context, _) => CallbackReceiver.Status(context, 204);
        Assert.Equal(1, (int)(await app.PostAsync($"/internal/deliveries/{ids[0]}/redeliver", "{}"))["redelivered"]!);
        await receiver.NextAsync();
        Assert.Equal(2, (int)(await app.PostAsync("/internal/deliveries/redeliver", $$"""{"workflowId":"{{workflow}}"}"""))["redelivered"]!);
        await receiver.NextAsync();
        await receiver.NextAsync();
        await WhenAllAsync("delivered", workflow, 3);
        var view = await app.GetAsync($"/internal/activities/{ids[0]}");
        Assert.Equal(2, view["delivery"]!["log"]!.AsArray().Count);
        Assert.Contains("redelivered", view["history"]!.AsArray().Select(happened => (string)happened!["event"]!));
    }

    [StoreTheory]
    [InlineData("status=lost", "status")]
    [InlineData("kind=pull", "kind")]
    [InlineData("cursor=x", "cursor")]
    public async Task A_wrong_filter_is_named(string query, string field)
    {
        using var response = await app.Runner.GetAsync($"/internal/deliveries?{query}");
        var problem = await response.ShouldBeProblemAsync("invalid-request");
        Assert.Contains(field, problem["errors"]!.AsObject().Select(error => error.Key));
    }

    [StoreFact]
    public async Task A_pull_outcome_is_nothing_to_redeliver_and_an_unknown_one_is_not_found()
    {
        var pull = await app.RegisterAnyAsync();
        await app.CompleteAsync(pull);
        Assert.Equal(0, (int)(await app.PostAsync($"/internal/deliveries/{pull.Id}/redeliver", "{}"))["redelivered"]!);
        using var unknown = await app.Runner.PostAsync("/internal/deliveries/01980000-0000-7000-8000-0123456789ab/redeliver", null);
        await unknown.ShouldBeProblemAsync("not-found");
    }

    private async Task<string> DeadAsync(string workflow, int number)
    {
        var activity = await app.RegisterAsync(
            $$$"""{"workflowId":"{{{workflow}}}","activityId":"{{{number}}}","resume":{"kind":"webhook","url":"{{{receiver.Url}}}hook?secret=1"}}""");
        using var done = await app.CallAsync(activity, "complete", "1");
        Assert.True(done.IsSuccessStatusCode);
        await receiver.NextAsync();
        return activity.Id;
    }

    /// <summary>An attempt is recorded after its answer: looks again until it is.</summary>
    private async Task<JsonObject> WhenAllAsync(string status, string workflow, int count)
    {
        for (var looks = 0; looks < 2000; looks++)
        {
            var page = await app.GetAsync($"/internal/deliveries?status={status}&workflowId={workflow}");
            if (page["deliveries"]!.AsArray().Count == count)
            {
                return page;
            }
        }

        throw new InvalidOperationException($"The deliveries never became {status}.");
    }
}

public sealed class SqliteDeliveriesTests() : DeliveriesTests(Store.Sqlite);

[OnPostgres]
public sealed class PostgresDeliveriesTests() : DeliveriesTests(Store.Postgres);
