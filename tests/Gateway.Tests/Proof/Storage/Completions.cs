using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Gateway.Tests.Support;

namespace Gateway.Tests.Proof.Storage;

/// <summary>Completes activities from several callers and remembers what each was told.</summary>
internal sealed class Completions(string directory, int bodyBytes)
{
    private const int Callers = 8;
    private const int Batch = 250;

    private readonly ConcurrentQueue<Pending> pending = new();
    private readonly ConcurrentDictionary<string, string> acknowledged = new();
    private readonly ConcurrentDictionary<string, (Pending Activity, string Body)> refused = new();
    private KeyValuePair<string, string>[] remembered = [];
    private int registered;

    public async Task RegisterAsync(GatewayProcess gateway, int count)
    {
        using var runner = gateway.Runner(directory);
        for (var left = count; left > 0; left -= Batch)
        {
            var items = Enumerable.Range(0, Math.Min(left, Batch)).Select(_ => $$"""{"workflowId":"w","activityId":"{{registered++}}"}""");
            using var response = await runner.PostAsync("/internal/activities/batch", GatewayApp.Json($$"""{"activities":[{{string.Join(',', items)}}]}"""));
            var results = JsonNode.Parse(await response.Content.ReadAsStringAsync())!["results"]!.AsArray();
            foreach (var activity in results.Select(result => result!["activity"]!))
            {
                pending.Enqueue(new Pending((string)activity["id"]!, (string)activity["taskToken"]!));
            }
        }
    }

    /// <summary>Completes until this round has seen so many of a status, or nothing is pending, or the gateway is gone.</summary>
    /// <returns>How many answers there were of each status.</returns>
    public async Task<IReadOnlyDictionary<HttpStatusCode, int>> RunUntilAsync(GatewayProcess gateway, HttpStatusCode status, int count)
    {
        var seen = new ConcurrentDictionary<HttpStatusCode, int>();
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
        {
            while (seen.GetValueOrDefault(status) < count && pending.TryDequeue(out var activity))
            {
                try
                {
                    var answer = await CompleteAsync(gateway, activity, BodyOf(activity));
                    seen.AddOrUpdate(answer, 1, (_, times) => times + 1);
                }
                catch (HttpRequestException)
                {
                    return;
                }
            }
        })));
        return seen;
    }

    /// <summary>Repeats every call that was refused: each is answered 200, whether it had been stored or not.</summary>
    /// <returns>How many there were.</returns>
    public async Task<int> RepeatRefusedAsync(GatewayProcess gateway)
    {
        var repeats = refused.Values.ToList();
        refused.Clear();
        foreach (var (activity, body) in repeats)
        {
            Assert.Equal(HttpStatusCode.OK, await CompleteAsync(gateway, activity, body));
        }

        return repeats.Count;
    }

    /// <summary>Every acknowledged result is there, byte for byte.</summary>
    public Task CheckAsync(GatewayProcess gateway)
    {
        Remember();
        return CheckRememberedAsync(gateway, directory);
    }

    /// <summary>What is acknowledged by now must be found later.</summary>
    public void Remember() => remembered = [.. acknowledged];

    /// <param name="keys">The data directory of the gateway that is asked.</param>
    public async Task CheckRememberedAsync(GatewayProcess gateway, string keys)
    {
        Assert.NotEmpty(remembered);
        using var runner = gateway.Runner(keys);
        foreach (var (id, body) in remembered)
        {
            var outcome = await runner.GetStringAsync($"/internal/activities/{id}/outcome");
            Assert.Contains($"\"result\":{body},", outcome, StringComparison.Ordinal);
        }
    }

    private async Task<HttpStatusCode> CompleteAsync(GatewayProcess gateway, Pending activity, string body)
    {
        refused[activity.Id] = (activity, body);
        using var response = await gateway.Outside.PostAsync($"/activities/{activity.Token}/complete", GatewayApp.Json(body));
        if (response.StatusCode is HttpStatusCode.OK)
        {
            refused.TryRemove(activity.Id, out _);
            acknowledged[activity.Id] = body;
        }

        return response.StatusCode;
    }

    private string BodyOf(Pending activity) => $"\"{activity.Id}{new string('x', bodyBytes)}\"";
}
