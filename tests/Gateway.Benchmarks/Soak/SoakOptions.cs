using System.Globalization;

namespace Gateway.Benchmarks.Soak;

/// <summary>How long and how fast; every option is <c>--name value</c>.</summary>
internal sealed record SoakOptions
{
    public TimeSpan Duration { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Activities registered, completed, leased and acknowledged a second; null: half of a quickly measured peak.</summary>
    public int? Rate { get; init; }

    public int Connections { get; init; } = 16;

    /// <summary><c>sqlite</c>, or <c>postgres</c> with the server's connection string in the environment.</summary>
    public string Store { get; init; } = "sqlite";

    /// <summary>By how much memory and files may be larger in the last quarter than in the third, in per cent.</summary>
    public int MaxGrowth { get; init; } = 10;

    /// <summary>Activities are kept for a sixth of the run, so that files are as long as they get well before its half.</summary>
    public TimeSpan Retention => Duration / 6;

    public TimeSpan SampleInterval => Duration < TimeSpan.FromMinutes(1) ? TimeSpan.FromSeconds(1) : Duration / 60;

    /// <exception cref="ArgumentException">An option is unknown or its value is not one.</exception>
    public static SoakOptions Parse(ReadOnlySpan<string> args)
    {
        var options = new SoakOptions();
        for (var i = 0; i < args.Length; i += 2)
        {
            var (name, value) = (args[i], i + 1 < args.Length ? args[i + 1] : throw new ArgumentException($"{args[i]} needs a value."));
            options = name switch
            {
                "--minutes" => options with { Duration = TimeSpan.FromMinutes(Number(name, value)) },
                "--seconds" => options with { Duration = TimeSpan.FromSeconds(Number(name, value)) },
                "--rate" => options with { Rate = Number(name, value) },
                "--connections" => options with { Connections = Number(name, value) },
                "--store" when value is "sqlite" or "postgres" => options with { Store = value },
                "--max-growth" => options with { MaxGrowth = Number(name, value) },
                _ => throw new ArgumentException($"{name} is not an option: --minutes, --seconds, --rate, --connections, --store, --max-growth."),
            };
        }

        return options;
    }

    private static int Number(string name, string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : throw new ArgumentException($"{name} must be a positive whole number.");
}
