using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Gateway.Benchmarks.Load;

/// <summary>
/// Completes activities of a gateway in a child process as fast as its connections allow, or at a rate, and prints what came
/// of it beside a bare Kestrel endpoint with the same bodies in the same run, and beside one that commits them and does nothing else, or
/// beside another build of the gateway.
/// </summary>
/// <param name="other">Of the endpoint that only commits, or of the other build.</param>
internal sealed class LoadCommand(LoadOptions options, Bodies bodies, Store store, Store other, string log)
{
    /// <summary>Below this the generator, not the gateway, was measured.</summary>
    private const double LeastHeadroom = 1.2;

    private const double Megabyte = 1024 * 1024;

    private readonly Report report = new(options);

    public static async Task<int> RunAsync(LoadOptions options)
    {
        var log = Path.Combine(Path.GetTempPath(), $"gateway-load-{Guid.NewGuid():N}.log");
        try
        {
            await using var store = await Store.CreateAsync(options.Store);
            await using var other = await Store.CreateAsync(options.Store);
            return await new LoadCommand(options, Bodies.For(options), store, other, log).RunAsync();
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

        using var gateway = await Server.GatewayAsync(options.Gateway, log, store.Settings);
        report.Add("start, ms until ready", gateway.ReadyAfter.TotalMilliseconds);
        report.Add("resident MB after the start", gateway.ResidentBytes / Megabyte);
        using var bareServer = await Server.BareAsync();
        using var bare = await Yardstick.WarmUpAsync(bareServer, options, bodies);
        using var otherServer = options.Against is { } build
            ? await Server.GatewayAsync(build, log, other.Settings)
            : await Server.CommittingAsync(other.Settings);
        using var beside = options.Against is null
            ? await Yardstick.WarmUpAsync(otherServer, options, bodies)
            : await Yardstick.WarmUpGatewayAsync(otherServer, other.ApiKey, options, bodies);
        await using var receivers = options.Webhooks > 0 ? await Receivers.StartAsync(options.Webhooks) : null;
        using var runner = new Runner(gateway, store.ApiKey, bodies.Schema, receivers?.Urls ?? []);
        var warm = await runner.WarmUpAsync(gateway, options.WarmUp);
        var idle = gateway.CpuTime;
        var (measured, registrations) = await runner.RegisterAsync(options.Count);
        report.Add("registrations per second, batches of 500", registrations);
        report.Add("server CPU us per registration", (gateway.CpuTime - idle).TotalMicroseconds / options.Count, "F1");
        var polls = options.Polls > 0 ? await PollAsync(gateway, runner, measured) : Task.CompletedTask;

        var pulling = new Pulling(runner, options.Pull);
        await Round.WarmUpAsync(gateway, bodies.Completions(gateway, warm), options.Connections);
        await pulling.WhenTakenAsync(options.WarmUp);
        using var toGateway = OpenConnections.To(gateway, options.Connections);

        await otherServer.WhenGrownAsync();
        await gateway.WhenGrownAsync();
        var before = gateway.Collector();
        var turns = await MeasureAsync(toGateway, bodies.Completions(gateway, measured), pulling, receivers, bare, beside);
        var (result, bareResult, _) = turns.Joined;
        if (options.Rate is null && bareResult.PerSecond < LeastHeadroom * result.PerSecond)
        {
            await Console.Error.WriteLineAsync(
                $"No report: the bare endpoint took {bareResult.PerSecond:F0} calls/s and the gateway {result.PerSecond:F0}: the generator was the limit.");
            return 2;
        }

        report.AddRound(turns);
        report.Add("registrations per ack", registrations / result.PerSecond, "F2");
        await AddStateAsync(gateway, before);
        if (options.Shuffled)
        {
            new Random(4711).Shuffle(CollectionsMarshal.AsSpan(old));
            var sample = bodies.Completions(gateway, old[..(options.WarmUp + options.Count)]);

            // Until here each activity was found in memory: what reads one has not run yet.
            await Round.WarmUpAsync(gateway, sample[..options.WarmUp], options.Connections);
            report.AddShuffled(await Round.RunAsync(toGateway, sample[options.WarmUp..], options.Rate), result);
            if (options.Store == "sqlite")
            {
                report.Add("shuffled: the same share of SQLite alone", RawOrder.Share(bodies.Body(0), options.WarmUp), "F2");
            }
        }

        await polls;
        if (options.Restart)
        {
            gateway.Stop();
            using var again = await Server.GatewayAsync(options.Gateway, log, store.Settings);
            report.Add("start with everything stored, ms until ready", again.ReadyAfter.TotalMilliseconds);
            report.Add("resident MB after it", again.ResidentBytes / Megabyte);
        }

        report.Print();
        return result.Errors.Count == 0 ? 0 : 1;
    }

    private async Task<Task> PollAsync(Server gateway, Runner runner, List<(string Token, string Id)> measured)
    {
        var open = await runner.PollAsync(gateway, [.. measured.TakeLast(options.Polls).Select(activity => activity.Id)]);
        report.Add($"resident MB with {options.Polls} long polls", gateway.ResidentBytes / Megabyte);
        return open;
    }

    private async Task<Turns> MeasureAsync(
        OpenConnections toGateway, List<byte[]> requests, Pulling pulling, Receivers? receivers, Yardstick bare, Yardstick beside)
    {
        // What still delivers after an ack would take the others' time, and have that time to catch up.
        var parts = receivers is null && options.Pull == 0 ? options.Turns : 1;
        var size = Math.Max(1, (options.Count + parts - 1) / parts);
        var turns = new Turns();
        using var transactions = options.Connections == 1 && options.Store == "sqlite" ? new RawTransactions(bodies.Body(0)) : null;
        var delivered = receivers?.ExpectAsync(requests.Count);
        var watch = new Stopwatch();
        for (var from = 0; from < requests.Count; from += size)
        {
            var count = Math.Min(size, requests.Count - from);
            turns.Bare.Add(await bare.RunAsync(from, count, options.Rate));
            turns.Other.Add(await WithDatabaseAsync(() => beside.RunAsync(from, count, options.Rate)));
            watch.Restart();
            turns.Gateway.Add(await WithDatabaseAsync(() => Round.RunAsync(toGateway, requests[from..(from + count)], options.Rate)));
            if (transactions is not null)
            {
                turns.Raw.Add(transactions.Turn());
            }
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
            report.Add("ratio of deliveries to acks", turns.Gateway.Sum(round => round.Seconds) / watch.Elapsed.TotalSeconds, "F2");
        }

        return turns;
    }

    private async Task AddStateAsync(Server gateway, Dictionary<string, long> before)
    {
        var after = gateway.Collector();
        report.Add("allocated bytes per call", (double)(after["allocated"] - before["allocated"]) / options.Count);
        report.Add("collections", after["collections0"] - before["collections0"]);
        report.Add("ms it stood still for them", after["pausesMs"] - before["pausesMs"]);
        report.Add("methods compiled meanwhile", after["compiled"] - before["compiled"]);
        report.Add("ms spent on compiling them", after["compilingMs"] - before["compilingMs"]);
        report.Add("full collections", after["collections2"] - before["collections2"]);
        report.Add("large object heap KB", after["large"] / 1024.0);
        report.Add("resident MB at the end", gateway.ResidentBytes / Megabyte);
        report.Add("database bytes per activity, most closed", (double)await store.SizeAsync() / (options.Pending + options.WarmUp + options.Count));
    }

    /// <summary>A round and what it cost the database server.</summary>
    private async Task<RoundResult> WithDatabaseAsync(Func<Task<RoundResult>> run)
    {
        var before = store.CpuTime;
        var result = await run();
        return result with { DatabaseCpu = store.CpuTime - before };
    }
}
