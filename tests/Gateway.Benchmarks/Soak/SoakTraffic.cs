using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Gateway.Benchmarks.Load;

namespace Gateway.Benchmarks.Soak;

/// <summary>A runner and its outside world at a steady rate: registers in batches, completes each activity once, leases and acknowledges.</summary>
internal sealed class SoakTraffic : IDisposable
{
    private const int LargestBatch = 500;

    /// <summary>How long a lease waits for outcomes: the last one does so in vain.</summary>
    public const int LeaseWaitSeconds = 1;

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);

    private readonly Server gateway;
    private readonly HttpClient client;
    private readonly Ledger ledger;
    private readonly Channel<(int Number, string Token)> pending = Channel.CreateUnbounded<(int, string)>();

    public SoakTraffic(Server gateway, string apiKey, Ledger ledger)
    {
        (this.gateway, this.ledger) = (gateway, ledger);
        client = new HttpClient { BaseAddress = gateway.Address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
    }

    /// <summary>Takes whatever is registered through the other steps, until nothing is left.</summary>
    public async Task RunAsync(int connections, Func<Task> register)
    {
        var completing = Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Factory.StartNew(
            Complete, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        var pulling = Task.Run(() => PullAsync(() => completing.IsCompleted));
        await register();
        pending.Writer.Complete();
        await completing;
        await pulling;
    }

    /// <summary>Registers this many as fast as they are taken.</summary>
    public async Task RegisterAsync(int first, int count)
    {
        for (var number = first; number < first + count; number += LargestBatch)
        {
            await RegisterBatchAsync(number, Math.Min(LargestBatch, first + count - number));
        }
    }

    /// <summary>Registers at the rate until the time is over.</summary>
    public async Task RegisterAsync(int rate, TimeSpan duration)
    {
        var watch = Stopwatch.StartNew();
        var number = 0;
        using var timer = new PeriodicTimer(Tick);
        while (watch.Elapsed < duration && await timer.WaitForNextTickAsync())
        {
            for (var due = (int)(rate * Math.Min(watch.Elapsed.TotalSeconds, duration.TotalSeconds)); number < due;)
            {
                var count = Math.Min(LargestBatch, due - number);
                await RegisterBatchAsync(number, count);
                number += count;
            }
        }
    }

    /// <summary>Completes what is registered, over one connection.</summary>
    private void Complete()
    {
        using var connection = Connection.Open(gateway.Address);
        foreach (var (number, token) in pending.Reader.ReadAllAsync().ToBlockingEnumerable())
        {
            var status = connection.Call(
                Connection.Request("POST", $"/activities/{token}/complete", Ledger.Body(number), gateway.Address));
            if (status == 200)
            {
                ledger.Note(number, Ledger.Completed);
            }
            else
            {
                ledger.Fault($"completion answered {status}");
            }
        }
    }

    /// <summary>Leases and acknowledges until told that no more comes and the queue is empty.</summary>
    private async Task PullAsync(Func<bool> isOver)
    {
        while (true)
        {
            using var document = await PostAsync("/internal/outcomes/lease", $$"""{"max":500,"waitSeconds":{{LeaseWaitSeconds}}}""");
            var leases = document.RootElement.GetProperty("leases");
            if (leases.GetArrayLength() == 0)
            {
                if (isOver())
                {
                    return;
                }

                continue;
            }

            var numbers = leases.EnumerateArray().Select(Take).ToList();
            var ids = leases.EnumerateArray().Select(lease => lease.GetProperty("leaseId").GetString());
            using var settled = await PostAsync("/internal/outcomes/acknowledge", JsonSerializer.Serialize(new { leaseIds = ids }));
            foreach (var (number, result) in numbers.Zip(settled.RootElement.GetProperty("results").EnumerateArray()))
            {
                if (result.GetProperty("status").ValueEquals("acknowledged"))
                {
                    ledger.Note(number, Ledger.Acknowledged);
                }
                else
                {
                    ledger.Fault($"lease {result.GetProperty("status").GetString()}");
                }
            }
        }
    }

    public void Dispose() => client.Dispose();

    private int Take(JsonElement lease)
    {
        var outcome = lease.GetProperty("outcome");
        var number = int.Parse(outcome.GetProperty("workflowId").GetString()!.AsSpan("order-".Length), CultureInfo.InvariantCulture);
        ledger.Note(number, Ledger.Leased);
        if (outcome.GetProperty("result").GetRawText() != Encoding.UTF8.GetString(Ledger.Body(number)))
        {
            ledger.Fault("leased with another body");
        }

        return number;
    }

    private async Task RegisterBatchAsync(int first, int count)
    {
        var text = new StringBuilder("{\"activities\":[");
        for (var number = first; number < first + count; number++)
        {
            text.Append(number == first ? "" : ",").Append(
                $$$"""{"workflowId":"order-{{{number}}}","activityId":"charge-card","activityType":"ChargeCard","labels":{"customer":"{{{number % 1000}}}","region":"eu","tier":"gold"}}""");
        }

        using var document = await PostAsync("/internal/activities/batch", text.Append("]}").ToString());
        var next = first;
        foreach (var result in document.RootElement.GetProperty("results").EnumerateArray())
        {
            ledger.Note(next, Ledger.Registered);
            pending.Writer.TryWrite((next++, result.GetProperty("activity").GetProperty("taskToken").GetString()!));
        }
    }

    private async Task<JsonDocument> PostAsync(string path, string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using var answer = await client.PostAsync(path, content);
        answer.EnsureSuccessStatusCode();
        return JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync());
    }
}
