using System.Globalization;

namespace Gateway.Benchmarks.Load;

/// <summary>What to measure; every option is <c>--name value</c>.</summary>
internal sealed record LoadOptions
{
    /// <summary>Keep-alive connections, each with one call under way.</summary>
    public int Connections { get; init; } = 64;

    /// <summary>Activities to register and complete.</summary>
    public int Count { get; init; } = 20_000;

    /// <summary>Calls that warm both servers up before the count starts.</summary>
    public int WarmUp { get; init; } = 4_000;

    /// <summary>A folder of the schema data with <c>schema.json</c> and <c>valid-1.json</c>; null: any JSON, a body of about 100 bytes.</summary>
    public string? SchemaFolder { get; init; }

    /// <summary>Complete in the order of registration, or shuffled.</summary>
    public bool Shuffled { get; init; }

    /// <summary>Calls a second, started on time whatever the answers do (open loop); null: as fast as the connections allow.</summary>
    public int? Rate { get; init; }

    /// <summary>Activities that are pending before the measurement starts and stay so.</summary>
    public int Pending { get; init; }

    /// <summary>Print the report as JSON as well.</summary>
    public bool Json { get; init; }

    /// <exception cref="ArgumentException">An option is unknown or its value is not one.</exception>
    public static LoadOptions Parse(ReadOnlySpan<string> args)
    {
        var options = new LoadOptions();
        for (var i = 0; i < args.Length; i++)
        {
            var name = args[i];
            if (name == "--json")
            {
                options = options with { Json = true };
                continue;
            }

            var value = i + 1 < args.Length ? args[++i] : throw new ArgumentException($"{name} needs a value.");
            options = name switch
            {
                "--connections" => options with { Connections = Number(name, value) },
                "--count" => options with { Count = Number(name, value) },
                "--warm-up" => options with { WarmUp = Number(name, value) },
                "--schema" => options with { SchemaFolder = value },
                "--order" => options with { Shuffled = Order(value) },
                "--rate" => options with { Rate = Number(name, value) },
                "--pending" => options with { Pending = Number(name, value) },
                _ => throw new ArgumentException($"{name} is not an option: --connections, --count, --warm-up, --schema, --order, --rate, --pending, --json."),
            };
        }

        return options;
    }

    private static bool Order(string value) => value switch
    {
        "shuffled" => true,
        "recent" => false,
        _ => throw new ArgumentException("--order is recent or shuffled."),
    };

    private static int Number(string name, string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : throw new ArgumentException($"{name} must be a positive whole number.");
}
