using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Gateway.Benchmarks.Load;

/// <summary>Registers activities in batches, leases outcomes and acknowledges them, as a runner would.</summary>
internal sealed class Runner : IDisposable
{
    private const int BatchSize = 500;
    private const int WarmUpBatchSize = 25;
    private const int WarmUpParts = 4;
    private const int Senders = 4;

    private readonly HttpClient client;
    private readonly string? schema;
    private readonly IReadOnlyList<string> webhooks;
    private int registered;

    /// <param name="webhooks">Receivers that take turns; none: outcomes go to the pull queue.</param>
    public Runner(Server server, string apiKey, string? schema, IReadOnlyList<string> webhooks)
    {
        (this.schema, this.webhooks) = (schema, webhooks);
        client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 20_000 })
        {
            BaseAddress = server.Address,
            Timeout = TimeSpan.FromMinutes(5),
        };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
    }

    /// <summary>
    /// Registers in parts and lets the server compile after each. In small batches: the runtime counts calls, and what runs once a
    /// batch is to be called often enough as well.
    /// </summary>
    public async Task<List<(string Token, string Id)>> WarmUpAsync(Server server, int count)
    {
        var activities = new List<(string Token, string Id)>(count);
        for (var part = 0; part < WarmUpParts; part++)
        {
            var size = count * (part + 1) / WarmUpParts - activities.Count;
            activities.AddRange((await RegisterAsync(size, WarmUpBatchSize)).Activities);
            await server.WhenQuietAsync();
        }

        return activities;
    }

    /// <summary>Registers so many activities, a few batches side by side, as several runners would.</summary>
    /// <returns>Their tokens and ids in the order of registration, and how many were registered a second.</returns>
    public async Task<(List<(string Token, string Id)> Activities, double PerSecond)> RegisterAsync(int count, int batchSize = BatchSize)
    {
        var batches = new ConcurrentQueue<byte[]>();
        for (var left = count; left > 0; left -= batchSize)
        {
            batches.Enqueue(Encoding.UTF8.GetBytes(Batch(Math.Min(batchSize, left))));
        }

        var answers = new ConcurrentBag<byte[]>();
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, Senders).Select(async _ =>
        {
            while (batches.TryDequeue(out var batch))
            {
                using var content = new ByteArrayContent(batch) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
                using var answer = await client.PostAsync("/internal/activities/batch", content);
                answers.Add(await answer.Content.ReadAsByteArrayAsync());
            }
        }));
        var perSecond = count / watch.Elapsed.TotalSeconds;
        var registeredNow = answers.SelectMany(Tokens).OrderBy(activity => activity.Id, StringComparer.Ordinal).ToList();
        return (registeredNow, perSecond);
    }

    /// <summary>Leases and acknowledges as long as the gateway lives.</summary>
    /// <param name="taken">Told of each acknowledged outcome: how long after its commit it was leased.</param>
    public async Task PullAsync(Action<TimeSpan> taken)
    {
        while (true)
        {
            using var answer = await client.PostAsync(
                "/internal/outcomes/lease", new StringContent("""{"max":500,"waitSeconds":1}""", Encoding.UTF8, "application/json"));
            using var document = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync());
            var now = DateTimeOffset.UtcNow;
            var ids = new StringBuilder("{\"leaseIds\":[");
            var leases = document.RootElement.GetProperty("leases");
            foreach (var lease in leases.EnumerateArray())
            {
                ids.Append(ids[^1] == '[' ? "\"" : ",\"").Append(lease.GetProperty("leaseId").GetString()).Append('"');
            }

            if (leases.GetArrayLength() == 0)
            {
                continue;
            }

            using var settled = await client.PostAsync(
                "/internal/outcomes/acknowledge", new StringContent(ids.Append("]}").ToString(), Encoding.UTF8, "application/json"));
            settled.EnsureSuccessStatusCode();
            foreach (var lease in leases.EnumerateArray())
            {
                taken(now - lease.GetProperty("outcome").GetProperty("closedAt").GetDateTimeOffset());
            }
        }
    }

    /// <summary>Opens long polls for activities and returns when all of them wait: the server has nothing more to do.</summary>
    public async Task<Task> PollAsync(Server server, IReadOnlyList<string> ids)
    {
        var polls = ids.Select(id => client.GetAsync($"/internal/activities/{id}/outcome?waitSeconds=60")).ToList();
        await server.WhenQuietAsync();
        return Task.WhenAll(polls).ContinueWith(
            static all => Array.ForEach(all.Result, answer => answer.Dispose()), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    public void Dispose() => client.Dispose();

    private static IEnumerable<(string Token, string Id)> Tokens(byte[] answer)
    {
        using var document = JsonDocument.Parse(answer);
        return document.RootElement.GetProperty("results").EnumerateArray().Select(result => result.GetProperty("activity"))
            .Select(activity => (activity.GetProperty("taskToken").GetString()!, activity.GetProperty("id").GetString()!)).ToList();
    }

    private string Batch(int items)
    {
        var text = new StringBuilder("{\"activities\":[");
        for (var i = 0; i < items; i++, registered++)
        {
            text.Append(i == 0 ? "" : ",")
                .Append($$"""{"workflowId":"order-{{registered}}","activityId":"charge-card","activityType":"ChargeCard","labels":{"customer":"{{registered % 1000}}","region":"eu","tier":"gold"}""")
                .Append(schema is null ? "" : $",\"returnSchema\":{schema}")
                .Append(webhooks.Count == 0 ? "" : $$""","resume":{"kind":"webhook","url":"{{webhooks[registered % webhooks.Count]}}"}""")
                .Append('}');
        }

        return text.Append("]}").ToString();
    }
}
