using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Gateway.Tests.Support;

namespace Gateway.Tests.Proof;

/// <summary>
/// A gateway under load is killed with SIGKILL again and again: what it acknowledged is there, byte for byte, and reaches the
/// runner at least once, under one webhook id.
/// </summary>
public abstract class CrashTests(Store store)
{
    /// <summary>The short form. <c>GATEWAY_CRASH_CYCLES</c> asks for more.</summary>
    private static readonly int Cycles = int.TryParse(Environment.GetEnvironmentVariable("GATEWAY_CRASH_CYCLES"), out var cycles) ? cycles : 20;

    private const int AcksBeforeTheKill = 60;
    private const int Callers = 8;

    /// <summary>Where nodes share the store a killed one's leases run out, and they are as long as an attempt may take.</summary>
    private static readonly string[] Settings = ["--Resume:Webhook:AllowPrivateNetworks=true", "--Resume:Webhook:TimeoutSeconds=1"];

    [StoreFact]
    public async Task Everything_acknowledged_survives_every_kill_and_is_delivered()
    {
        await using var receiver = await CallbackReceiver.StartAsync();
        var delivered = new ConcurrentDictionary<string, (ConcurrentBag<string> Ids, ConcurrentBag<string> Bodies)>();
        receiver.Arrived = callback =>
        {
            var body = System.Text.Encoding.UTF8.GetString(callback.Body);
            var id = (string)JsonNode.Parse(body)!["data"]!["activityId"]!;
            var entry = delivered.GetOrAdd(id, _ => ([], []));
            entry.Bodies.Add(body);
            entry.Ids.Add(callback.WebhookId);
        };
        using var data = TestData.Create(store);
        var acknowledged = new ConcurrentDictionary<string, string>();
        var cycles = store is Store.Sqlite ? Cycles : (Cycles + 3) / 4;
        for (var cycle = 0; cycle < cycles; cycle++)
        {
            using var gateway = await GatewayProcess.StartAsync(data, Settings);
            await LoadUntilKilledAsync(gateway, data, receiver.Url, cycle, acknowledged);
        }

        using var last = await GatewayProcess.StartAsync(data, Settings);
        await CheckAsync(last, data, acknowledged, receiver, delivered);
        Assert.True(acknowledged.Count >= cycles * AcksBeforeTheKill, $"{acknowledged.Count} acknowledgements prove little");
    }

    private static async Task LoadUntilKilledAsync(
        GatewayProcess gateway, TestData data, Uri receiver, int cycle, ConcurrentDictionary<string, string> acknowledged)
    {
        using var runner = gateway.Runner(data);
        var acks = 0;
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            for (var i = 0; ; i++)
            {
                try
                {
                    var activity = await RegisterAsync(runner, receiver, $"{cycle}-{caller}-{i}");
                    var body = $$"""{ "cycle":{{cycle}}.{{caller}}0, "call":{{i}} }""";
                    using var response = await gateway.Outside.PostAsync($"/activities/{activity.Token}/complete", GatewayApp.Json(body));
                    if (response.StatusCode is HttpStatusCode.OK)
                    {
                        acknowledged[activity.Id] = body;
                    }

                    if (Interlocked.Increment(ref acks) == AcksBeforeTheKill)
                    {
                        gateway.Kill();
                    }
                }
                catch (HttpRequestException)
                {
                    // Killed: this caller got no answer, so nothing is claimed of its call.
                    return;
                }
            }
        })));
    }

    private static async Task<Pending> RegisterAsync(HttpClient runner, Uri receiver, string name)
    {
        var json = $$$"""{"workflowId":"crash","activityId":"{{{name}}}","resume":{"kind":"webhook","url":"{{{receiver}}}hook"}}""";
        using var response = await runner.PostAsync("/internal/activities", GatewayApp.Json(json));
        var body = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        return new Pending((string)body["id"]!, (string)body["taskToken"]!);
    }

    private static async Task CheckAsync(
        GatewayProcess gateway,
        TestData data,
        ConcurrentDictionary<string, string> acknowledged,
        CallbackReceiver receiver,
        ConcurrentDictionary<string, (ConcurrentBag<string> Ids, ConcurrentBag<string> Bodies)> delivered)
    {
        using var runner = gateway.Runner(data);
        foreach (var (id, body) in acknowledged)
        {
            var outcome = await runner.GetStringAsync($"/internal/activities/{id}/outcome");
            Assert.Contains($"\"result\":{body}", outcome, StringComparison.Ordinal);
        }

        while (acknowledged.Keys.Any(id => !delivered.ContainsKey(id)))
        {
            await receiver.NextAsync();
        }

        foreach (var (id, body) in acknowledged)
        {
            Assert.Single(delivered[id].Ids.Distinct());
            Assert.All(delivered[id].Bodies, delivery => Assert.Contains($"\"result\":{body}", delivery, StringComparison.Ordinal));
        }
    }
}

public sealed class SqliteCrashTests() : CrashTests(Store.Sqlite);

[OnPostgres]
public sealed class PostgresCrashTests() : CrashTests(Store.Postgres);
