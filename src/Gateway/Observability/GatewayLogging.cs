using Serilog;
using Serilog.Configuration;
using Serilog.Extensions.Logging;

namespace Gateway.Observability;

/// <summary>Serilog from its core packages: levels and sinks stand in the section <c>Serilog</c>, the redaction stands here.</summary>
internal static class GatewayLogging
{
    private const string Section = "Serilog";
    private const string Levels = $"{Section}:MinimumLevel";

    public static WebApplicationBuilder AddGatewayLogging(this WebApplicationBuilder builder)
    {
        Use(builder.Logging, Create(builder.Configuration));
        return builder;
    }

    /// <summary>Makes these the only loggers, of the framework and of the request log.</summary>
    internal static void Use(ILoggingBuilder logging, GatewayLoggers loggers)
    {
        logging.ClearProviders();
        logging.AddSerilog(loggers.Redacting, dispose: true);
        logging.Services.AddSingleton(loggers);
        // The hosting layer would push its ids and the path onto every event of a request: the trace id is enough, the path
        // too much.
        logging.AddFilter<SerilogLoggerProvider>("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
    }

    /// <param name="configuration">Levels and sinks.</param>
    /// <param name="more">A sink beside the configured ones.</param>
    /// <remarks>
    /// Two loggers in a row: the outer one has the levels and hands everything to the redaction, the inner one has the sinks.
    /// An enricher would not do, because it cannot reach an exception's text.
    /// </remarks>
    internal static GatewayLoggers Create(IConfiguration configuration, Action<LoggerSinkConfiguration>? more = null)
    {
        var sinks = new LoggerConfiguration()
            .ReadFrom.Configuration(Part(configuration, key => !IsLevel(key)))
            .MinimumLevel.Verbose();
        more?.Invoke(sinks.WriteTo);
        var inner = sinks.CreateLogger();
        var outer = new LoggerConfiguration()
            .ReadFrom.Configuration(Part(configuration, IsLevel))
            .Enrich.FromLogContext()
            .WriteTo.Sink(new RedactingSink(inner))
            .CreateLogger();
        return new GatewayLoggers(outer, inner, ReadProperties: more is not null || !WritesToStandardOutputOnly(configuration.GetSection(Section)));
    }

    /// <summary>No sink, filter or enricher is configured beside our own sink.</summary>
    private static bool WritesToStandardOutputOnly(IConfigurationSection logging) =>
        logging.GetChildren().All(part => part.Key is "Using" or "MinimumLevel" or "WriteTo")
        && logging.GetSection("WriteTo").GetChildren().All(sink => (sink["Name"] ?? sink.Value) is nameof(StandardOutput));

    private static bool IsLevel(string key) => key.StartsWith(Levels, StringComparison.OrdinalIgnoreCase);

    private static IConfigurationRoot Part(IConfiguration configuration, Func<string, bool> belongs) => new ConfigurationBuilder()
        .AddInMemoryCollection(configuration.GetSection(Section).AsEnumerable().Where(pair => !string.IsNullOrEmpty(pair.Value) && belongs(pair.Key)))
        .Build();
}

/// <summary>The two ways to the configured sinks.</summary>
/// <param name="Redacting">For everybody: has the levels, adds what the context knows and removes secrets. Disposes the other one.</param>
/// <param name="Sinks">For lines that are made of known values only, such as a request's, of which there are most.</param>
/// <param name="ReadProperties">Somebody else than our own sink looks at lines too, and knows what they say by their properties only.</param>
internal sealed record GatewayLoggers(Serilog.Core.Logger Redacting, Serilog.Core.Logger Sinks, bool ReadProperties);
