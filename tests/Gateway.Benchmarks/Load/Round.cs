using System.Collections.Concurrent;
using System.Diagnostics;

namespace Gateway.Benchmarks.Load;

/// <summary>What one round of calls came to.</summary>
/// <param name="Seconds">From the first call to the last answer.</param>
/// <param name="Latencies">Sorted; in an open loop from the moment a call was due.</param>
/// <param name="Errors">Answers other than 200, by status.</param>
internal sealed record RoundResult(
    double Seconds, TimeSpan[] Latencies, IReadOnlyDictionary<int, int> Errors, TimeSpan ServerCpu, TimeSpan GeneratorCpu)
{
    public double PerSecond => Latencies.Length / Seconds;

    public TimeSpan Percentile(double share) => Latencies[Math.Min(Latencies.Length - 1, (int)(Latencies.Length * share))];

    /// <summary>Rounds that were run one after the other, as one.</summary>
    public static RoundResult Join(IReadOnlyList<RoundResult> parts)
    {
        TimeSpan[] latencies = [.. parts.SelectMany(part => part.Latencies)];
        Array.Sort(latencies);
        return new RoundResult(
            parts.Sum(part => part.Seconds),
            latencies,
            parts.SelectMany(part => part.Errors).GroupBy(error => error.Key, error => error.Value).ToDictionary(group => group.Key, group => group.Sum()),
            new TimeSpan(parts.Sum(part => part.ServerCpu.Ticks)),
            new TimeSpan(parts.Sum(part => part.GeneratorCpu.Ticks)));
    }
}

/// <summary>The same calls to the gateway and to the bare endpoint, each in parts that took turns.</summary>
/// <param name="raw">How long a raw transaction took in each turn; empty where none was made.</param>
internal sealed class Turns(IReadOnlyList<RoundResult> gateway, IReadOnlyList<RoundResult> bare, IReadOnlyList<TimeSpan> raw)
{
    public RoundResult Gateway { get; } = RoundResult.Join(gateway);

    public RoundResult Bare { get; } = RoundResult.Join(bare);

    /// <summary>The median of each turn's acks per second over the bare endpoint's right before it.</summary>
    public double Ratio => Median(gateway.Zip(bare, (ours, theirs) => ours.PerSecond / theirs.PerSecond));

    /// <summary>The medians of the turns' own 99th percentiles, in milliseconds: turns in which the machine stood still do not count.</summary>
    public (double Gateway, double Bare) P99 => (Median(gateway.Select(P99Of)), Median(bare.Select(P99Of)));

    /// <summary>A raw transaction in milliseconds, and the median of each turn's p50 over it; null where none was made.</summary>
    public (double Milliseconds, double Ratio)? Raw => raw.Count == 0
        ? null
        : (Median(raw.Select(turn => turn.TotalMilliseconds)), Median(gateway.Zip(raw, (ours, turn) => ours.Percentile(0.5) / turn)));

    private static double P99Of(RoundResult round) => round.Percentile(0.99).TotalMilliseconds;

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[sorted.Length / 2] + sorted[(sorted.Length - 1) / 2]) / 2;
    }
}

/// <summary>Sends prepared requests over a number of connections.</summary>
internal static class Round
{
    private const int WarmUpParts = 4;

    /// <summary>Runs the calls in parts and lets the server compile after each, so that nothing of it falls into what is measured.</summary>
    public static async Task WarmUpAsync(Server server, IReadOnlyList<byte[]> requests, int connections)
    {
        using var open = await OpenConnections.ToAsync(server, connections);
        foreach (var part in requests.Chunk(Math.Max(1, requests.Count / WarmUpParts)))
        {
            await RunAsync(open, part, null);
            await server.WhenQuietAsync();
        }
    }

    public static async Task<RoundResult> RunAsync(OpenConnections open, IReadOnlyList<byte[]> requests, int? rate)
    {
        var server = open.Server;
        var latencies = new TimeSpan[requests.Count];
        var errors = new ConcurrentDictionary<int, int>();
        var next = -1;
        var (serverCpu, ownCpu) = (server.CpuTime, Process.GetCurrentProcess().TotalProcessorTime);
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(open.All.Select(connection => Task.Run(async () =>
        {
            for (var index = Interlocked.Increment(ref next); index < requests.Count; index = Interlocked.Increment(ref next))
            {
                var due = watch.Elapsed;
                if (rate is { } perSecond)
                {
                    due = TimeSpan.FromSeconds((double)index / perSecond);
                    if (due - watch.Elapsed is { Ticks: > 0 } early)
                    {
                        await Task.Delay(early);
                    }
                }

                var status = await connection.CallAsync(requests[index]);
                latencies[index] = watch.Elapsed - due;
                if (status != 200)
                {
                    errors.AddOrUpdate(status, 1, (_, count) => count + 1);
                }
            }
        })));
        var seconds = watch.Elapsed.TotalSeconds;
        Array.Sort(latencies);
        return new RoundResult(
            seconds, latencies, errors, server.CpuTime - serverCpu, Process.GetCurrentProcess().TotalProcessorTime - ownCpu);
    }
}
