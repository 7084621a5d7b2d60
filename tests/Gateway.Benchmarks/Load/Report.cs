using System.Globalization;
using System.Text.Json;

namespace Gateway.Benchmarks.Load;

/// <summary>Figures in the order they were taken, for people and as JSON.</summary>
internal sealed class Report(LoadOptions options)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private readonly List<(string Name, double Value, double? Bare, string Format)> figures = [];

    public void Add(string name, double value, string format = "F0", double? bare = null) => figures.Add((name, value, bare, format));

    public void AddRound(Turns turns)
    {
        var (gateway, bare) = (turns.Gateway, turns.Bare);
        Add("acks per second", gateway.PerSecond, bare: bare.PerSecond);
        Add("ratio to bare Kestrel", turns.Ratio, "F2");
        foreach (var (name, share) in new[] { ("p50 ms", 0.5), ("p95 ms", 0.95), ("p99 ms", 0.99), ("max ms", 1) })
        {
            Add(name, Ms(gateway, share), "F2", Ms(bare, share));
        }

        Add("p99 ms, median of the turns", turns.P99.Gateway, "F2", turns.P99.Bare);
        if (turns.Raw is { } raw)
        {
            Add("raw synced transaction, p50 ms", raw.Milliseconds, "F2");
            Add("ratio of the p50 to it", raw.Ratio, "F2");
        }

        Add("server CPU us per call", Us(gateway.ServerCpu, gateway), "F1", Us(bare.ServerCpu, bare));
        Add("generator CPU us per call", Us(gateway.GeneratorCpu, gateway), "F1", Us(bare.GeneratorCpu, bare));
        Add("errors", gateway.Errors.Values.Sum(), bare: bare.Errors.Values.Sum());
        foreach (var (status, count) in gateway.Errors)
        {
            Add($"answers {status}", count);
        }
    }

    /// <summary>The same calls in another order, beside the first.</summary>
    public void AddShuffled(RoundResult shuffled, RoundResult recent)
    {
        Add("shuffled: acks per second", shuffled.PerSecond);
        Add("shuffled: share of the recent ones' rate", shuffled.PerSecond / recent.PerSecond, "F2");
        Add("shuffled: p99 ms", Ms(shuffled, 0.99), "F2");
        Add("shuffled: errors", shuffled.Errors.Values.Sum());
    }

    public void Print()
    {
        Console.WriteLine(options);
        Console.WriteLine();
        Console.WriteLine($"{"",-44}{"gateway",14}{"bare Kestrel",16}");
        foreach (var (name, value, bare, format) in figures)
        {
            Console.WriteLine($"{name,-44}{Text(value, format),14}{(bare is { } other ? Text(other, format) : ""),16}");
        }

        if (options.Json)
        {
            Console.WriteLine(JsonSerializer.Serialize(
                new { options, figures = figures.ToDictionary(figure => figure.Name, figure => new { gateway = figure.Value, bare = figure.Bare }) }, Indented));
        }
    }

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    private static double Ms(RoundResult result, double share) => result.Percentile(share).TotalMilliseconds;

    private static double Us(TimeSpan cpu, RoundResult result) => cpu.TotalMicroseconds / result.Latencies.Length;
}
