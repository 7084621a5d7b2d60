using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Gateway.Tests.Support;

namespace Gateway.Tests.Proof;

/// <summary>
/// Callers that register and complete without a pause, at one node or at several, and send a call again until it is answered
/// 200. What was answered so is claimed, byte for byte.
/// </summary>
internal sealed class Load(IReadOnlyList<HttpClient> runners, string workflow, string more = "")
{
    private const int Callers = 8;

    private readonly ConcurrentDictionary<string, string> acknowledged = [];
    private readonly Lock gate = new();
    private readonly List<(int Count, TaskCompletionSource Reached)> waiting = [];
    private Task calling = Task.CompletedTask;
    private volatile bool stopping;

    /// <summary>Results by activity id.</summary>
    public IReadOnlyDictionary<string, string> Acknowledged => acknowledged;

    /// <summary>Answers other than 200 to a completion.</summary>
    public ConcurrentBag<HttpStatusCode> Refusals { get; } = [];

    public void Start() => calling = Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(() => CallAsync(caller))));

    /// <summary>Returns once so many more were acknowledged.</summary>
    public Task MoreAsync(int count)
    {
        lock (gate)
        {
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            waiting.Add((acknowledged.Count + count, reached));
            return reached.Task.WaitAsync(TimeSpan.FromMinutes(2));
        }
    }

    public Task StopAsync()
    {
        stopping = true;
        return calling;
    }

    /// <summary>Everything acknowledged is there, as it was sent.</summary>
    public async Task CheckAsync(HttpClient runner)
    {
        foreach (var (id, body) in acknowledged)
        {
            var outcome = await runner.GetStringAsync($"/internal/activities/{id}/outcome");
            Assert.Contains($"\"result\":{body}", outcome, StringComparison.Ordinal);
        }
    }

    private async Task CallAsync(int caller)
    {
        for (var number = 0; !stopping; number++)
        {
            var registration = $$"""{"workflowId":"{{workflow}}","activityId":"{{caller}}-{{number}}"{{more}}}""";
            var registered = await UntilAcceptedAsync(caller, "/internal/activities", registration);
            if (registered is null)
            {
                return;
            }

            var id = (string)registered["id"]!;
            var body = $$"""{ "caller":{{caller}}.0, "call":{{number}} }""";
            if (await UntilAcceptedAsync(caller + number, $"/internal/activities/{id}/complete", body) is not null)
            {
                Acknowledge(id, body);
            }
        }
    }

    /// <summary>The answer, or null where the load was stopped before there was one.</summary>
    private async Task<JsonNode?> UntilAcceptedAsync(int turn, string path, string json)
    {
        for (var tries = turn; !stopping; tries++)
        {
            try
            {
                using var response = await runners[tries % runners.Count].PostAsync(path, GatewayApp.Json(json));
                var text = await response.Content.ReadAsStringAsync();
                if (response.IsSuccessStatusCode)
                {
                    return JsonNode.Parse(text);
                }

                Refusals.Add(response.StatusCode);
                Assert.True(response.StatusCode is HttpStatusCode.ServiceUnavailable, text);
            }
            catch (HttpRequestException)
            {
                // The node was killed: nothing is claimed of this call, another one takes it.
            }
        }

        return null;
    }

    private void Acknowledge(string id, string body)
    {
        acknowledged[id] = body;
        lock (gate)
        {
            foreach (var reached in waiting.FindAll(one => one.Count <= acknowledged.Count))
            {
                reached.Reached.TrySetResult();
            }
        }
    }
}
