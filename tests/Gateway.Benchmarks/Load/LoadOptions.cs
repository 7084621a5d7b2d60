using System.Globalization;

namespace Gateway.Benchmarks.Load;

/// <summary>What to measure; every option but the switches is <c>--name value</c>.</summary>
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

    /// <summary>Complete in the order of registration (recent); or do it a second time with a sample of everything pending (shuffled).</summary>
    public bool Shuffled { get; init; }

    /// <summary>Calls a second, started on time whatever the answers do (open loop); null: as fast as the connections allow.</summary>
    public int? Rate { get; init; }

    /// <summary>Activities that are pending before the measurement starts and stay so.</summary>
    public int Pending { get; init; }

    /// <summary>Runners that lease and acknowledge while the calls come; 0: nobody takes the outcomes.</summary>
    public int Pull { get; init; }

    /// <summary>Receivers that webhooks are delivered to, one URL each, in this process; 0: outcomes are for pull queues.</summary>
    public int Webhooks { get; init; }

    /// <summary>Long polls that are open before the calls start.</summary>
    public int Polls { get; init; }

    /// <summary>Start the gateway once more at the end and measure how long it takes with everything stored.</summary>
    public bool Restart { get; init; }

    /// <summary><c>sqlite</c>, or <c>postgres</c> with the server's connection string in <c>GATEWAY_TEST_POSTGRES</c>.</summary>
    public string Store { get; init; } = "sqlite";

    /// <summary>Folder of a published gateway; null: the one built beside this program.</summary>
    public string? Gateway { get; init; }

    /// <summary>Folder of another build that takes turns with it, in the place of the endpoint that only commits.</summary>
    public string? Against { get; init; }

    /// <summary>Turns that all take, because a shared machine changes its speed within seconds: they meet the same one.</summary>
    public int Turns { get; init; } = 10;

    /// <summary>Print the report as JSON as well.</summary>
    public bool Json { get; init; }

    /// <exception cref="ArgumentException">An option is unknown or its value is not one.</exception>
    public static LoadOptions Parse(ReadOnlySpan<string> args)
    {
        var options = new LoadOptions();
        for (var i = 0; i < args.Length; i++)
        {
            var name = args[i];
            options = name switch
            {
                "--json" => options with { Json = true },
                "--restart" => options with { Restart = true },
                _ => options.With(name, i + 1 < args.Length ? args[++i] : throw new ArgumentException($"{name} needs a value.")),
            };
        }

        return options.Shuffled && options.Pending < options.WarmUp + options.Count
            ? throw new ArgumentException("--order shuffled needs at least as many --pending as --warm-up and --count together.")
            : options;
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Count} completions on {Store}, {Connections} connections, {(Rate is { } rate ? $"{rate}/s" : "closed loop")}, "
        + $"{(SchemaFolder is { } folder ? Path.GetFileName(folder.TrimEnd('/')) : "any JSON")}, "
        + $"{Pending} more pending, {Environment.ProcessorCount} cores");

    private LoadOptions With(string name, string value) => name switch
    {
        "--connections" => this with { Connections = Number(name, value) },
        "--count" => this with { Count = Number(name, value) },
        "--warm-up" => this with { WarmUp = Number(name, value) },
        "--schema" => this with { SchemaFolder = value },
        "--order" => this with { Shuffled = Word(name, value, "recent", "shuffled") == "shuffled" },
        "--rate" => this with { Rate = Number(name, value) },
        "--pending" => this with { Pending = Number(name, value) },
        "--pull" => this with { Pull = Number(name, value) },
        "--webhooks" => this with { Webhooks = Number(name, value) },
        "--polls" => this with { Polls = Number(name, value) },
        "--store" => this with { Store = Word(name, value, "sqlite", "postgres") },
        "--gateway" => this with { Gateway = value },
        "--turns" => this with { Turns = Number(name, value) },
        "--against" => this with { Against = value },
        _ => throw new ArgumentException(
            $"{name} is not an option: --connections, --count, --warm-up, --schema, --order, --rate, --pending, --pull, --webhooks, --polls, --turns, "
            + "--store, --gateway, --against, --restart, --json."),
    };

    private static string Word(string name, string value, string one, string other) =>
        value == one || value == other ? value : throw new ArgumentException($"{name} is {one} or {other}.");

    private static int Number(string name, string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : throw new ArgumentException($"{name} must be a positive whole number.");
}
