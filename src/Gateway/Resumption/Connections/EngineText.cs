using System.Text.Json;
using Gateway.Observability;

namespace Gateway.Resumption.Connections;

/// <summary>An engine's own words, fit for a log line and the record of an attempt.</summary>
internal static class EngineText
{
    private const int Longest = 300;

    public static string Of(string code, string? message)
    {
        if (string.IsNullOrWhiteSpace(message))
        {
            return code;
        }

        var line = new string([.. message.Trim().Select(c => char.IsControl(c) ? ' ' : c)]);
        return $"{code}: {SecretScrubber.Scrub(line.Length > Longest ? line[..Longest] + "…" : line)}";
    }

    /// <summary>The member <c>message</c> of a JSON error; null where there is none.</summary>
    public static string? Message(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind is JsonValueKind.Object && document.RootElement.TryGetProperty("message", out var message)
                ? message.ToString() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
