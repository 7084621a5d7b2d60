using Serilog;
using Serilog.Configuration;

namespace Gateway.Observability;

/// <summary>Serilog from its core packages: levels and sinks stand in the section <c>Serilog</c>, the redaction stands here.</summary>
internal static class GatewayLogging
{
    private const string Section = "Serilog";
    private const string Levels = $"{Section}:MinimumLevel";

    public static WebApplicationBuilder AddGatewayLogging(this WebApplicationBuilder builder)
    {
        builder.Logging.ClearProviders();
        builder.Logging.AddSerilog(Create(builder.Configuration), dispose: true);
        return builder;
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
