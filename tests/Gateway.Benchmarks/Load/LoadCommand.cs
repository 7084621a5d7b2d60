using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Gateway.Benchmarks.Load;

/// <summary>
/// Completes activities of a gateway in a child process as fast as its connections allow, or at a rate, and prints what came
/// of it beside a bare Kestrel endpoint with the same bodies in the same run.
/// </summary>
internal sealed class LoadCommand(LoadOptions options, Bodies bodies, Store store, string log)
{
    /// <summary>Below this the generator, not the gateway, was measured.</summary>
    private const double LeastHeadroom = 1.2;

    private const double Megabyte = 1024 * 1024;

    /// <summary>A shared machine changes its speed within seconds: the two take turns, so that both meet the same one.</summary>
    private const int TakenTurns = 10;

    private readonly Report report = new(options);

    public static async Task<int> RunAsync(LoadOptions options)
    {
        var log = Path.Combine(Path.GetTempPath(), $"gateway-load-{Guid.NewGuid():N}.log");
        try
        {
            await using var store = await Store.CreateAsync(options.Store);
            return await new LoadCommand(options, Bodies.For(options), store, log).RunAsync();
        }
        finally
        {
            File.Delete(log);
        }
    }

    private async Task<int> RunAsync()
    {
        var old = options.Pending > 0
            ? await store.FillAsync(options.Pending, bodies.Schema, Math.Max(1, options.Pending / (options.WarmUp + options.Count)))
            : [];
        if (old.Count > 0)
        {
            report.Add("database bytes per pending activity", (double)await store.SizeAsync() / options.Pending);
        }

        using var bare = await Server.BareAsync();
        var bareRequests = BareRequests(bare);
        await Round.WarmUpAsync(bare, bareRequests[..options.WarmUp], options.Connections);
        using var gateway = await Server.GatewayAsync(options, log, store.Settings);
        report.Add("start, ms until ready", gateway.ReadyAfter.TotalMilliseconds);
        report.Add("resident MB after the start", gateway.ResidentBytes / Megabyte);
        await using var receivers = options.Webhooks > 0 ? await Receivers.StartAsync(options.Webhooks) : null;
        using var runner = new Runner(gateway, store.ApiKey, bodies.Schema, receivers?.Urls ?? []);
        var warm = await runner.WarmUpAsync(gateway, options.WarmUp);
        var idle = gateway.CpuTime;
        var (measured, registrations) = await runner.RegisterAsync(options.Count);
        report.Add("registrations per second, batches of 500", registrations);
        report.Add("server CPU us per registration", (gateway.CpuTime - idle).TotalMicroseconds / options.Count, "F1");
        var polls = options.Polls > 0 ? await PollAsync(gateway, runner, measured) : Task.CompletedTask;

        var pulling = new Pulling(runner, options.Pull);
        await Round.WarmUpAsync(gateway, Requests(gateway, warm), options.Connections);
        await pulling.WhenTakenAsync(options.WarmUp);
        using var toBare = await OpenConnections.ToAsync(bare, options.Connections);
        using var toGateway = await OpenConnections.ToAsync(gateway, options.Connections);

        // What ends and begins with a connection is hot by now and compiled once more.
        await gateway.WhenQuietAsync();
        var before = gateway.Collector();
        var turns = await MeasureAsync(toGateway, Requests(gateway, measured), pulling, receivers, toBare, bareRequests);
        var result = turns.Gateway;
        if (options.Rate is null && turns.Bare.PerSecond < LeastHeadroom * result.PerSecond)
        {
            await Console.Error.WriteLineAsync(
                $"No report: the bare endpoint took {turns.Bare.PerSecond:F0} calls/s and the gateway {result.PerSecond:F0}: the generator was the limit.");
            return 2;
        }

        report.AddRound(turns);
        report.Add("registrations per ack", registrations / result.PerSecond, "F2");
        await AddStateAsync(gateway, before);
        if (options.Shuffled)
        {
            new Random(4711).Shuffle(CollectionsMarshal.AsSpan(old));
            var sample = Requests(gateway, old[..(options.WarmUp + options.Count)]);

            // Until here each activity was found in memory: what reads one has not run yet.
            await Round.WarmUpAsync(gateway, sample[..options.WarmUp], options.Connections);
            report.AddShuffled(await Round.RunAsync(toGateway, sample[options.WarmUp..], options.Rate), result);
        }

        await polls;
        if (options.Restart)
        {
            gateway.Stop();
            using var again = await Server.GatewayAsync(options, log, store.Settings);
            report.Add("start with everything stored, ms until ready", again.ReadyAfter.TotalMilliseconds);
            report.Add("resident MB after it", again.ResidentBytes / Megabyte);
        }

        report.Print();
        return result.Errors.Count == 0 ? 0 : 1;
    }

    private async Task<Task> PollAsync(Server gateway, Runner runner, List<(string Token, string Id)> measured)
    {
        var open = await runner.PollAsync([.. measured.TakeLast(options.Polls).Select(activity => activity.Id)]);
        report.Add($"resident MB with {options.Polls} long polls", gateway.ResidentBytes / Megabyte);
        return open;
    }

    private async Task<Turns> MeasureAsync(
        OpenConnections toGateway, List<byte[]> requests, Pulling pulling, Receivers? receivers, OpenConnections toBare, List<byte[]> bareRequests)
    {
        // What still delivers after an ack would take the bare endpoint's time, and have that time to catch up.
        var turns = receivers is null && options.Pull == 0 ? TakenTurns : 1;
        var size = Math.Max(1, (options.Count + turns - 1) / turns);
        var (ours, theirs, raw) = (new List<RoundResult>(), new List<RoundResult>(), new List<TimeSpan>());
        using var transactions = options.Connections == 1 && options.Store == "sqlite" ? new RawTransactions(bodies.Body(0)) : null;
        var delivered = receivers?.ExpectAsync(requests.Count);
        var databaseCpu = store.CpuTime;
        var watch = new Stopwatch();
        foreach (var (bareCalls, calls) in bareRequests.Take(options.Count).Chunk(size).Zip(requests.Chunk(size)))
        {
            theirs.Add(await Round.RunAsync(toBare, bareCalls, options.Rate));
            watch.Restart();
            ours.Add(await Round.RunAsync(toGateway, calls, options.Rate));
            if (transactions is not null)
            {
                raw.Add(transactions.Turn());
            }
        }

        var result = new Turns(ours, theirs, raw);
        if (store.CpuTime - databaseCpu is { } used)
        {
            report.Add("database CPU us per call", used.TotalMicroseconds / requests.Count, "F1");
        }

        if (options.Pull > 0)
        {
            var lastAck = watch.Elapsed;
            await pulling.WhenTakenAsync(options.WarmUp + requests.Count);
            report.Add("seconds from last ack to last acknowledged", (watch.Elapsed - lastAck).TotalSeconds, "F2");
            report.Add("most seconds from commit to lease", pulling.MostBehind.TotalSeconds, "F2");
        }

        if (delivered is not null)
        {
            await delivered;
            report.Add("webhook deliveries per second", requests.Count / watch.Elapsed.TotalSeconds);
            report.Add("ratio of deliveries to acks", result.Gateway.Seconds / watch.Elapsed.TotalSeconds, "F2");
        }

        return result;
    }

    private async Task AddStateAsync(Server gateway, Dictionary<string, long> before)
    {
        var after = gateway.Collector();
        report.Add("allocated bytes per call", (double)(after["allocated"] - before["allocated"]) / options.Count);
        report.Add("collections (gen 0, gen 2)", after["collections0"] - before["collections0"], bare: null);
        report.Add("methods compiled meanwhile", after["compiled"] - before["compiled"]);
        report.Add("ms spent on compiling them", after["compilingMs"] - before["compilingMs"]);
        report.Add("full collections", after["collections2"] - before["collections2"]);
        report.Add("large object heap KB", after["large"] / 1024.0);
        report.Add("resident MB at the end", gateway.ResidentBytes / Megabyte);
        report.Add("database bytes per activity, most closed", (double)await store.SizeAsync() / (options.Pending + options.WarmUp + options.Count));
    }

    private List<byte[]> BareRequests(Server bare)
    {
        var path = $"/activities/{new string('x', 60)}/complete";
        return [.. Enumerable.Range(0, Math.Max(options.Count, options.WarmUp)).Select(i => Connection.Request("POST", path, bodies.Body(i), bare.Address))];
    }

    private List<byte[]> Requests(Server gateway, List<(string Token, string Id)> activities) =>
        [.. activities.Select((activity, index) => Connection.Request("POST", $"/activities/{activity.Token}/complete", bodies.Body(index), gateway.Address))];
}
