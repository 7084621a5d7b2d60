using System.Globalization;
using System.Text.Json;

namespace Gateway.Benchmarks.Load;

/// <summary>Figures in the order they were taken, for people and as JSON.</summary>
internal sealed class Report(LoadOptions options)
{
    private static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private readonly List<(string Name, Compared<double?> Values, string Format)> figures = [];

    public void Add(string name, double value, string format = "F0") => Add(name, new Compared<double?>(value, null, null), format);

    public void AddRound(Turns turns)
    {
        var all = turns.Joined;
        Add("acks per second", Of(all, static round => round.PerSecond), "F0");
        Add("ratio to bare Kestrel", turns.ToBare, "F2");
        Add(options.Against is null ? "ratio to the one that commits" : "ratio to the other build", turns.ToOther, options.Against is null ? "F2" : "F3");
        foreach (var (name, share) in new[] { ("p50 ms", 0.5), ("p95 ms", 0.95), ("p99 ms", 0.99), ("max ms", 1) })
        {
            Add(name, Of(all, round => round.Percentile(share).TotalMilliseconds), "F2");
        }

        Add("p99 ms, median of the turns", turns.P99, "F2");
        if (turns.Raw.Count > 0)
        {
            Add("raw synced transaction, p50 ms", turns.RawMilliseconds, "F2");
            Add("ratio of the p50 to it", turns.ToRaw, "F2");
        }

        Add("server CPU us per call", Of(all, static round => Us(round.ServerCpu, round)), "F1");
        if (all.Gateway.DatabaseCpu is not null)
        {
            Add("database CPU us per call", Of(all, static round => round.DatabaseCpu is { } used ? Us(used, round) : null), "F1");
        }

        Add("generator CPU us per call", Of(all, static round => Us(round.GeneratorCpu, round)), "F1");
        Add("errors", Of(all, static round => round.Errors.Values.Sum()), "F0");
        foreach (var (status, count) in all.Gateway.Errors)
        {
            Add($"answers {status}", count);
        }
    }

    /// <summary>The same calls in another order, beside the first.</summary>
    public void AddShuffled(RoundResult shuffled, RoundResult recent)
    {
        Add("shuffled: acks per second", shuffled.PerSecond);
        Add("shuffled: share of the recent ones' rate", shuffled.PerSecond / recent.PerSecond, "F2");
        Add("shuffled: p99 ms", shuffled.Percentile(0.99).TotalMilliseconds, "F2");
        Add("shuffled: errors", shuffled.Errors.Values.Sum());
    }

    public void Print()
    {
        Console.WriteLine(options);
        Console.WriteLine();
        Console.WriteLine($"{"",-44}{"gateway",14}{"bare Kestrel",16}{(options.Against is null ? "that, committing" : "other build"),18}");
        foreach (var (name, values, format) in figures)
        {
            Console.WriteLine($"{name,-44}{Text(values.Gateway, format),14}{Text(values.Bare, format),16}{Text(values.Other, format),18}");
        }

        if (options.Json)
        {
            Console.WriteLine(JsonSerializer.Serialize(new { options, figures = figures.ToDictionary(figure => figure.Name, figure => figure.Values) }, Indented));
        }
    }

    private void Add(string name, Compared<double?> values, string format) => figures.Add((name, values, format));

    private static Compared<double?> Of(Compared<RoundResult> rounds, Func<RoundResult, double?> figure) =>
        new(figure(rounds.Gateway), figure(rounds.Bare), figure(rounds.Other));

    private static string Text(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "";

    private static double Us(TimeSpan cpu, RoundResult result) => cpu.TotalMicroseconds / result.Latencies.Length;
}
