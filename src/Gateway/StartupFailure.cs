using Gateway.Persistence;
using Microsoft.Extensions.Options;

namespace Gateway;

/// <summary>What a gateway that cannot start says: one line that names the key, and no stack.</summary>
internal static class StartupFailure
{
    /// <summary>Null where the failure is no operator's mistake: a bug keeps its stack.</summary>
    public static string? OneLine(Exception exception) => exception switch
    {
        StartupException startup => startup.Message,
        StorageException storage => $"The storage cannot be opened: {storage.Message}",
        OptionsValidationException invalid => string.Join(" ", invalid.Failures.Select(Plain)),
        InvalidOperationException { InnerException: FormatException or OverflowException or ArgumentException } unconverted => unconverted.Message,
        AggregateException { InnerExceptions: [var inner] } => OneLine(inner),
        _ => null,
    };

    /// <summary>The rule's own text, without the words data annotations put around it.</summary>
    private static string Plain(string failure)
    {
        const string Before = "with the error: '";
        const string After = "'.";
        var start = failure.IndexOf(Before, StringComparison.Ordinal);
        return start >= 0 && failure.EndsWith(After, StringComparison.Ordinal) ? failure[(start + Before.Length)..^After.Length] : failure;
    }
}
