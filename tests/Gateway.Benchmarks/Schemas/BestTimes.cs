using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Gateway.Benchmarks.Schemas;

/// <summary>
/// Best-of times for comparisons. What is compared takes turns in short rounds, so that a busy machine disturbs one as much as the other, and the
/// least disturbed round counts; the median of the ratios of neighbouring rounds shows how far that can be trusted.
/// </summary>
internal static class BestTimes
{
    private const int Rounds = 400;
    private static readonly TimeSpan RoundTime = TimeSpan.FromMilliseconds(2);

    // Long enough for the runtime to have recompiled every hot method, also on a busy machine.
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);

    /// <summary>A table: validation against reading the same bytes with <see cref="JsonDocument"/>.</summary>
    public static void Print(TextWriter writer)
    {
        writer.WriteLine("schema      JsonDocument.Parse ns   validate ns   ratio of best   median ratio");
        foreach (var name in BenchData.Names)
        {
            var valid = BenchData.Valid(name);
            var validate = Validation(name);
            var parse = new Subject(() => JsonDocument.Parse(valid).Dispose());
            var ratios = Enumerable.Range(0, Rounds).Select(_ =>
            {
                var reading = parse.Round();
                return validate.Round() / reading;
            }).Order().ToArray();
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{name,-10} {parse.Best,20:F0} {validate.Best,13:F0} {validate.Best / parse.Best,15:F2} {ratios[Rounds / 2],14:F2}"));
        }
    }

    /// <summary>
    /// For scripts on other platforms: reads names of schemas, one to a line, runs one round of each and answers with its nanoseconds, so that the
    /// script can take turns. The first round of a name comes after warming up.
    /// </summary>
    public static void Serve(TextReader reader, TextWriter writer)
    {
        var subjects = new Dictionary<string, Subject>(StringComparer.Ordinal);
        while (reader.ReadLine() is { } name)
        {
            if (!subjects.TryGetValue(name, out var subject))
            {
                subjects[name] = subject = Validation(name);
            }

            writer.WriteLine(subject.Round().ToString(CultureInfo.InvariantCulture));
            writer.Flush();
        }
    }

    private static Subject Validation(string name)
    {
        var schema = BenchData.Compile(name);
        var valid = BenchData.Valid(name);
        return new Subject(() => schema.Validate(valid));
    }

    /// <summary>One thing to be timed, warm.</summary>
    private sealed class Subject
    {
        private readonly Action _action;
        private readonly int _count = 1;

        public Subject(Action action)
        {
            _action = action;
            for (var watch = Stopwatch.StartNew(); watch.Elapsed < WarmUp;)
            {
                action();
            }

            while (Time(_count) < RoundTime)
            {
                _count *= 2;
            }
        }

        /// <summary>Nanoseconds of one call in the best round so far.</summary>
        public double Best { get; private set; } = double.MaxValue;

        /// <summary>Nanoseconds of one call, over a round.</summary>
        public double Round()
        {
            var nanoseconds = Time(_count).TotalNanoseconds / _count;
            Best = Math.Min(Best, nanoseconds);
            return nanoseconds;
        }

        private TimeSpan Time(int count)
        {
            var watch = Stopwatch.StartNew();
            for (var i = 0; i < count; i++)
            {
                _action();
            }

            return watch.Elapsed;
        }
    }
}
