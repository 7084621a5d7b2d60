using Microsoft.Extensions.Options;

namespace Gateway;

/// <summary>What a gateway that cannot start says: one line that names the key, and no stack.</summary>
internal static class StartupFailure
{
    /// <summary>Null where the failure is no operator's mistake: a bug keeps its stack.</summary>
    public static string? OneLine(Exception exception) => exception switch
    {
        StartupException startup => startup.Message,
        OptionsValidationException invalid => string.Join(" ", invalid.Failures),
        InvalidOperationException { InnerException: FormatException or OverflowException or ArgumentException } unconverted => unconverted.Message,
        AggregateException { InnerExceptions: [var inner] } => OneLine(inner),
        _ => null,
    };
}
