using System.Diagnostics;
using Serilog;
using Serilog.Configuration;
using Serilog.Extensions.Logging;

namespace Gateway.Observability;

/// <summary>Serilog from its core packages: levels and sinks stand in the section <c>Serilog</c>, the redaction stands here.</summary>
internal static class GatewayLogging
{
    private const string Section = "Serilog";
    private const string Levels = $"{Section}:MinimumLevel";

    /// <summary>Gives every request a trace, the caller's where it sent one, whether or not somebody collects traces.</summary>
    private static readonly ActivityListener Traces = new()
    {
        ShouldListenTo = static source => source.Name == "Microsoft.AspNetCore",
        Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.PropagationData,
    };

    public static WebApplicationBuilder AddGatewayLogging(this WebApplicationBuilder builder)
    {
        Use(builder.Logging, Create(builder.Configuration));
        return builder;
    }

    /// <summary>Makes a logger the only one, of the framework and of the request log.</summary>
    internal static void Use(ILoggingBuilder logging, Serilog.Core.Logger logger)
    {
        logging.ClearProviders();
        logging.AddSerilog(logger, dispose: true);
        logging.Services.AddSingleton<Serilog.ILogger>(logger);
        // The hosting layer would push its ids and the path onto every event of a request: the trace id is enough, the path
        // too much.
        logging.AddFilter<SerilogLoggerProvider>("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        ActivitySource.AddActivityListener(Traces);
    }

    /// <param name="configuration">Levels and sinks.</param>
    /// <param name="more">A sink beside the configured ones.</param>
    /// <remarks>
    /// Two loggers in a row: the outer one has the levels and hands everything to the redaction, the inner one has the sinks.
    /// An enricher would not do, because it cannot reach an exception's text.
    /// </remarks>
    internal static Serilog.Core.Logger Create(IConfiguration configuration, Action<LoggerSinkConfiguration>? more = null)
    {
        var sinks = new LoggerConfiguration()
            .ReadFrom.Configuration(Part(configuration, key => !IsLevel(key)))
            .MinimumLevel.Verbose();
        more?.Invoke(sinks.WriteTo);
        return new LoggerConfiguration()
            .ReadFrom.Configuration(Part(configuration, IsLevel))
            .Enrich.FromLogContext()
            .WriteTo.Sink(new RedactingSink(sinks.CreateLogger()))
            .CreateLogger();
    }

    private static bool IsLevel(string key) => key.StartsWith(Levels, StringComparison.OrdinalIgnoreCase);

    private static IConfigurationRoot Part(IConfiguration configuration, Func<string, bool> belongs) => new ConfigurationBuilder()
        .AddInMemoryCollection(configuration.GetSection(Section).AsEnumerable().Where(pair => !string.IsNullOrEmpty(pair.Value) && belongs(pair.Key)))
        .Build();
}
