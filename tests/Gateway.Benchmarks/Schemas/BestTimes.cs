using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Gateway.Benchmarks.Schemas;

/// <summary>Best-of times for scripts that compare with other platforms: the least disturbed round counts.</summary>
internal static class BestTimes
{
    private const int Rounds = 200;
    private static readonly TimeSpan RoundTime = TimeSpan.FromMilliseconds(5);

    // Long enough for the runtime to have recompiled every hot method, also on a busy machine.
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);

    /// <summary>One JSON object: nanoseconds for each schema, <c>validate</c> and <c>parse</c>.</summary>
    public static void Print(TextWriter writer)
    {
        var lines = BenchData.Names.Select(name =>
        {
            var schema = BenchData.Compile(name);
            var valid = BenchData.Valid(name);
            var validate = Measure(() => schema.Validate(valid));
            var parse = Measure(() => JsonDocument.Parse(valid).Dispose());
            return string.Create(CultureInfo.InvariantCulture, $"\"{name}\": {{ \"validate\": {validate:F0}, \"parse\": {parse:F0} }}");
        });
        writer.WriteLine($"{{ {string.Join(", ", lines)} }}");
    }

    private static double Measure(Action action)
    {
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < WarmUp;)
        {
            action();
        }

        var count = 1;
        while (Time(action, count) < RoundTime)
        {
            count *= 2;
        }

        return Enumerable.Range(0, Rounds).Min(_ => Time(action, count).TotalNanoseconds) / count;
    }

    private static TimeSpan Time(Action action, int count)
    {
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < count; i++)
        {
            action();
        }

        return watch.Elapsed;
    }
}
