using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Gateway.Tests.Support;

namespace Gateway.Tests.Proof;

/// <summary>Whatever arrives at once, one outcome wins, and every loser is told of that winner.</summary>
public abstract class RaceTests(Store store)
{
    private const int Activities = 2000;
    private const int Batch = 50;
    private const int CallsEach = 6;
    private static readonly string[] Words = ["completed", "failed", "canceled", "timedOut"];

    [StoreFact]
    public async Task Two_thousand_activities_have_one_winner_each_and_every_loser_agrees_with_it()
    {
        var time = new ManualTime();
        using var app = GatewayApp.Start(store: store, time: time);
        var winners = new Dictionary<string, int>();
        for (var round = 0; round < Activities / Batch; round++)
        {
            var activities = await RegisterBatchAsync(app, round);
            var clock = new MovesAfter(Batch * round % (Batch * CallsEach), () => time.Advance(TimeSpan.FromSeconds(10)));
            var answers = await Task.WhenAll(activities.Select((activity, index) => RaceAsync(app, activity, index, clock)));
            foreach (var (activity, told) in activities.Zip(answers))
            {
                var winner = await JudgeAsync(app, activity, told);
                winners[winner] = winners.GetValueOrDefault(winner) + 1;
            }
        }

        Assert.Equal(Activities, winners.Values.Sum());
        Assert.Equal(Words.Order(), winners.Keys.Order());
    }

    private static async Task<List<Pending>> RegisterBatchAsync(GatewayApp app, int round)
    {
        var items = Enumerable.Range(0, Batch).Select(i => $$"""{"workflowId":"race-{{round}}","activityId":"{{i}}","timeoutSeconds":10}""");
        var answer = await app.PostAsync("/internal/activities/batch", $$"""{"activities":[{{string.Join(',', items)}}]}""");
        return [.. answer["results"]!.AsArray().Select(result => new Pending((string)result!["activity"]!["id"]!, (string)result["activity"]!["taskToken"]!))];
    }

    /// <summary>
    /// complete(A), complete(A), complete(B), fail, cancel and heartbeat at once, in an order that changes with the index. In every other six the first call is
    /// answered before the rest is sent: a completion needs no read where the node remembers its registration, and would else win nearly every race.
    /// </summary>
    private static async Task<Answer[]> RaceAsync(GatewayApp app, Pending activity, int index, MovesAfter clock)
    {
        (string Call, string Body)[] calls =
            [("complete", "\"A\""), ("complete", "\"A\""), ("complete", "\"B\""), ("fail", "{\"message\":\"m\"}"), ("cancel", "\"C\""), ("heartbeat", "1")];
        var turned = calls.Skip(index % calls.Length).Concat(calls.Take(index % calls.Length)).ToArray();
        var ahead = index / calls.Length % 2;
        var first = await Task.WhenAll(turned.Take(ahead).Select(SendAsync));
        return [.. first, .. await Task.WhenAll(turned.Skip(ahead).Select(SendAsync))];

        Task<Answer> SendAsync((string Call, string Body) call) => Task.Run(async () =>
        {
            clock.Count();
            using var response = await app.CallAsync(activity, call.Call, call.Body);
            return new Answer(call.Call, call.Body, response.StatusCode, (await response.Content.ReadFromJsonAsync<JsonObject>())!);
        });
    }

    private static async Task<string> JudgeAsync(GatewayApp app, Pending activity, Answer[] answers)
    {
        var outcome = await app.GetAsync($"/internal/activities/{activity.Id}/outcome");
        var state = (string)outcome["state"]!;
        var value = outcome["result"]?.ToJsonString() ?? outcome["failure"]?.ToJsonString() ?? outcome["details"]?.ToJsonString();
        Assert.Contains(state, Words);
        var firsts = 0;
        foreach (var answer in answers.Where(answer => answer.Call != "heartbeat"))
        {
            if (answer.Status is HttpStatusCode.OK)
            {
                Assert.Equal(state, (string?)answer.Body["state"]);
                Assert.Equal(value, JsonNode.Parse(answer.Sent)!.ToJsonString());
                firsts += (bool)answer.Body["duplicate"]! ? 0 : 1;
            }
            else
            {
                Assert.Equal(state is "completed" or "failed" ? HttpStatusCode.Conflict : HttpStatusCode.Gone, answer.Status);
                Assert.Equal(state, (string?)answer.Body["state"]);
                Assert.NotEqual((state, value), (StateOf(answer.Call), JsonNode.Parse(answer.Sent)!.ToJsonString()));
            }

            Assert.Equal((string?)outcome["closedAt"], (string?)answer.Body["closedAt"]);
        }

        Assert.Equal((string?)outcome["closedBy"] == "timeout" ? 0 : 1, firsts);
        var beat = answers.Single(answer => answer.Call == "heartbeat");
        Assert.True(beat.Status is HttpStatusCode.OK || (string?)beat.Body["state"] == state);
        return state;
    }

    private static string StateOf(string call) => call switch { "complete" => "completed", "fail" => "failed", _ => "canceled" };

    /// <summary>
    /// The deadline falls due in the midst of the calls: the clock is moved when so many were sent, at another place in each round. Counted by calls and not by
    /// answers, because a gateway that decides all of them before it answers the first would leave nothing to the deadline.
    /// </summary>
    private sealed class MovesAfter(int calls, Action move)
    {
        private int left = calls + 1;

        public void Count()
        {
            if (Interlocked.Decrement(ref left) == 0)
            {
                move();
            }
        }
    }

    private sealed record Answer(string Call, string Sent, HttpStatusCode Status, JsonObject Body);
}

public sealed class SqliteRaceTests() : RaceTests(Store.Sqlite);

[OnPostgres]
public sealed class PostgresRaceTests() : RaceTests(Store.Postgres);
