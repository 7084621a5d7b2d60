using System.Diagnostics;
using System.Globalization;
using Gateway.Benchmarks.Load;

namespace Gateway.Benchmarks.Soak;

/// <summary>
/// Runs a gateway in a child process at a steady rate, looks at its memory and files, and reconciles at the end: everything
/// registered was completed, leased and acknowledged once, and memory and files stopped growing.
/// </summary>
internal static class SoakCommand
{
    /// <summary>Activities taken through all steps to find the peak; a first pass of as many warms up.</summary>
    private const int PeakCount = 30_000;

    /// <summary>Below this a growth is a matter of chance: one garbage collection, one reset of the log.</summary>
    private const long Slack = 32 * 1024 * 1024;

    public static async Task<int> RunAsync(SoakOptions options)
    {
        var rate = options.Rate ?? await InNewStoreAsync(options, store => HalfOfPeakAsync(options, store));
        Console.WriteLine($"{options.Duration.TotalSeconds:F0} s at {rate}/s on {options.Store}, closed activities kept for {options.Retention.TotalSeconds:F0} s, {Environment.ProcessorCount} cores");
        return await InNewStoreAsync(options, store => SoakAsync(options, rate, store));
    }

    private static async Task<int> InNewStoreAsync(SoakOptions options, Func<Store, Task<int>> run)
    {
        await using var store = await Store.CreateAsync(options.Store);
        return await run(store);
    }

    private static Task<Server> StartAsync(SoakOptions options, Store store) =>
        Server.GatewayAsync(null, "/dev/null", new Dictionary<string, string>(store.Settings)
        {
            ["Activities:RetentionDays"] = options.Retention.TotalDays.ToString(CultureInfo.InvariantCulture),
        });

    private static async Task<int> SoakAsync(SoakOptions options, int rate, Store store)
    {
        using var gateway = await StartAsync(options, store);
        var ledger = new Ledger();
        using var traffic = new SoakTraffic(gateway, store.ApiKey, ledger);
        using var over = new CancellationTokenSource();
        var sampling = SampleAsync(gateway, store, ledger, options.SampleInterval, over.Token);
        await traffic.RunAsync(options.Connections, async () =>
        {
            await traffic.RegisterAsync(rate, options.Duration);
            await over.CancelAsync();
        });
        ledger.Reconcile();
        if (await store.StateAsync() is { } state)
        {
            Console.WriteLine(state);
        }

        return Judge(options, await sampling, ledger);
    }

    /// <summary>Half of what all steps together can do: their sum and this generator share the machine.</summary>
    private static async Task<int> HalfOfPeakAsync(SoakOptions options, Store store)
    {
        using var gateway = await StartAsync(options, store);
        var perSecond = 0.0;
        foreach (var first in new[] { 0, PeakCount })
        {
            using var traffic = new SoakTraffic(gateway, store.ApiKey, new Ledger());
            var watch = Stopwatch.StartNew();
            await traffic.RunAsync(options.Connections, () => traffic.RegisterAsync(first, PeakCount));
            perSecond = PeakCount / (watch.Elapsed.TotalSeconds - SoakTraffic.LeaseWaitSeconds);
        }

        return Math.Max(1, (int)(perSecond / 2));
    }

    private static async Task<List<Sample>> SampleAsync(
        Server gateway, Store store, Ledger ledger, TimeSpan interval, CancellationToken over)
    {
        var samples = new List<Sample>();
        var watch = Stopwatch.StartNew();
        Console.WriteLine("   seconds  acknowledged  resident MB  GC heap MB  database MB  log MB");
        using var timer = new PeriodicTimer(interval);
        try
        {
            while (await timer.WaitForNextTickAsync(over))
            {
                var sample = new Sample(
                    watch.Elapsed, ledger.Count(Ledger.Acknowledged), gateway.ResidentBytes, gateway.Collector()["heap"],
                    await store.SizeAsync(), store.LogSize);
                samples.Add(sample);
                Console.WriteLine(sample);
            }
        }
        catch (OperationCanceledException)
        {
            // The time is over.
        }

        return samples;
    }

    private static int Judge(SoakOptions options, List<Sample> samples, Ledger ledger)
    {
        Console.WriteLine($"registered {ledger.Count(Ledger.Registered)}, completed {ledger.Count(Ledger.Completed)}, leased {ledger.Count(Ledger.Leased)}, acknowledged {ledger.Count(Ledger.Acknowledged)}");
        var complaints = ledger.Faults.Select(fault => $"{fault.Value} x {fault.Key}").ToList();
        Compare("resident memory", sample => sample.Resident);
        Compare("GC heap", sample => sample.Heap);
        Compare("database", sample => sample.Database);
        Compare("log", sample => sample.Log);
        complaints.ForEach(complaint => Console.WriteLine($"NOT AS IT SHOULD BE: {complaint}"));
        Console.WriteLine(complaints.Count == 0 ? "Nothing lost, nothing twice, nothing grows." : "The soak failed.");
        return complaints.Count == 0 ? 0 : 1;

        void Compare(string what, Func<Sample, long> value)
        {
            var (third, last) = (Mean(samples, 2, value), Mean(samples, 3, value));
            var growth = 100.0 * (last - third) / Math.Max(1, third);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: third quarter {third / 1048576.0:F1} MB, last quarter {last / 1048576.0:F1} MB ({growth:+0.0;-0.0;0.0} %)"));
            if (growth > options.MaxGrowth && last - third > Slack)
            {
                complaints.Add($"{what} grows");
            }
        }
    }

    private static double Mean(List<Sample> samples, int quarter, Func<Sample, long> value) =>
        samples.Skip(samples.Count * quarter / 4).Take(Math.Max(1, samples.Count / 4)).Select(value).DefaultIfEmpty().Average();

    /// <summary>A look at the gateway.</summary>
    private sealed record Sample(TimeSpan At, int Acknowledged, long Resident, long Heap, long Database, long Log)
    {
        public override string ToString() => string.Create(
            CultureInfo.InvariantCulture,
            $"{At.TotalSeconds,10:F0}  {Acknowledged,12}  {Resident / 1048576.0,11:F1}  {Heap / 1048576.0,10:F1}  {Database / 1048576.0,11:F1}  {Log / 1048576.0,6:F1}");
    }
}
