using System.Diagnostics;

namespace Gateway.Benchmarks.Load;

/// <summary>What one round of calls came to.</summary>
/// <param name="Seconds">From the first call to the last answer.</param>
/// <param name="Latencies">Sorted; in an open loop from the moment a call was due.</param>
/// <param name="Errors">Answers other than 200, by status.</param>
internal sealed record RoundResult(
    double Seconds, TimeSpan[] Latencies, IReadOnlyDictionary<int, int> Errors, TimeSpan ServerCpu, TimeSpan GeneratorCpu)
{
    /// <summary>Of a database server on this machine; null where there is none.</summary>
    public TimeSpan? DatabaseCpu { get; init; }

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
            new TimeSpan(parts.Sum(part => part.GeneratorCpu.Ticks)))
        {
            DatabaseCpu = parts[0].DatabaseCpu is null ? null : new TimeSpan(parts.Sum(part => part.DatabaseCpu?.Ticks ?? 0)),
        };
    }
}

/// <summary>The same calls to the gateway and to what it is compared with, each in parts that took turns.</summary>
internal sealed class Turns
{
    public List<RoundResult> Gateway { get; } = [];

    public List<RoundResult> Bare { get; } = [];

    /// <summary>Of the endpoint that commits and does nothing else, or of another build of the gateway.</summary>
    public List<RoundResult> Other { get; } = [];

    /// <summary>How long a raw transaction took in each turn; empty where none was made.</summary>
    public List<TimeSpan> Raw { get; } = [];

    public Compared<RoundResult> Joined => new(RoundResult.Join(Gateway), RoundResult.Join(Bare), RoundResult.Join(Other));

    /// <summary>The medians of each turn's acks per second over the bare endpoint's in the same turn.</summary>
    public Compared<double?> ToBare => new(Ratio(Gateway, Bare), null, Ratio(Other, Bare));

    /// <summary>The same over the third of them.</summary>
    public double ToOther => Ratio(Gateway, Other);

    /// <summary>The medians of the turns' own 99th percentiles: turns in which the machine stood still do not count.</summary>
    public Compared<double?> P99 => new(Median(Gateway.Select(P99Of)), Median(Bare.Select(P99Of)), Median(Other.Select(P99Of)));

    public double RawMilliseconds => Median(Raw.Select(turn => turn.TotalMilliseconds));

    /// <summary>The medians of each turn's p50 over a raw transaction in the same turn.</summary>
    public Compared<double?> ToRaw => new(MedianToRaw(Gateway), null, MedianToRaw(Other));

    private static double Ratio(List<RoundResult> ours, List<RoundResult> theirs) =>
        Median(ours.Zip(theirs, (one, other) => one.PerSecond / other.PerSecond));

    private static double P99Of(RoundResult round) => round.Percentile(0.99).TotalMilliseconds;

    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[sorted.Length / 2] + sorted[(sorted.Length - 1) / 2]) / 2;
    }

    private double MedianToRaw(List<RoundResult> rounds) => Median(rounds.Zip(Raw, (round, turn) => round.Percentile(0.5) / turn));
}

/// <summary>One thing of the gateway and of both that it is compared with.</summary>
internal readonly record struct Compared<T>(T Gateway, T Bare, T Other);

/// <summary>Sends prepared requests over a number of connections.</summary>
internal static class Round
{
    private const int WarmUpParts = 4;

    /// <summary>Runs the calls in parts and lets the server compile after each, so that nothing of it falls into what is measured.</summary>
    public static async Task WarmUpAsync(Server server, IReadOnlyList<byte[]> requests, int connections)
    {
        using var open = OpenConnections.To(server, connections);
        foreach (var part in requests.Chunk(Math.Max(1, requests.Count / WarmUpParts)))
        {
            await RunAsync(open, part, null);
            await server.WhenQuietAsync();
        }
    }

    public static async Task<RoundResult> RunAsync(OpenConnections open, IReadOnlyList<byte[]> requests, int? rate)
    {
        var (serverCpu, ownCpu) = (open.Server.CpuTime, Process.GetCurrentProcess().TotalProcessorTime);
        var calls = new Calls(requests, rate);
        await Task.WhenAll(open.Drivers.Select(driver => driver.RunAsync(calls)));
        return calls.ToResult(calls.Elapsed, open.Server.CpuTime - serverCpu, Process.GetCurrentProcess().TotalProcessorTime - ownCpu);
    }
}
