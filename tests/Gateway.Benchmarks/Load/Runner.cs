using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Gateway.Benchmarks.Load;

/// <summary>Registers activities in batches, as a runner would.</summary>
internal sealed class Runner : IDisposable
{
    private const int BatchSize = 500;
    private readonly HttpClient client;
    private int registered;

    public Runner(Server server, string directory)
    {
        client = new HttpClient { BaseAddress = server.Address };
        client.DefaultRequestHeaders.Authorization =
            new AuthenticationHeaderValue("Bearer", File.ReadAllText(Path.Combine(directory, "runner.key")).Trim());
    }

    /// <summary>The tokens of so many new activities, and how many were registered a second.</summary>
    public async Task<(List<string> Tokens, double PerSecond)> RegisterAsync(int count, string? schema)
    {
        var tokens = new List<string>(count);
        var watch = Stopwatch.StartNew();
        while (tokens.Count < count)
        {
            var items = Math.Min(BatchSize, count - tokens.Count);
            var text = new StringBuilder("{\"activities\":[");
            for (var i = 0; i < items; i++)
            {
                text.Append(i == 0 ? "" : ",")
                    .Append($$"""{"workflowId":"order-{{registered++}}","activityId":"charge-card","activityType":"ChargeCard","labels":{"customer":"{{registered % 1000}}","region":"eu","tier":"gold"}""")
                    .Append(schema is null ? "" : $",\"returnSchema\":{schema}").Append('}');
            }

            using var content = new StringContent(text.Append("]}").ToString(), Encoding.UTF8, "application/json");
            using var answer = await client.PostAsync("/internal/activities/batch", content);
            using var document = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync());
            tokens.AddRange(document.RootElement.GetProperty("results").EnumerateArray()
                .Select(result => result.GetProperty("activity").GetProperty("taskToken").GetString()!));
        }

        return (tokens, count / watch.Elapsed.TotalSeconds);
    }

    public void Dispose() => client.Dispose();
}
