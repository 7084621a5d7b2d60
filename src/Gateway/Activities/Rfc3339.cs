using System.Globalization;

namespace Gateway.Activities;

/// <summary>Times on the wire: RFC 3339, UTC, microseconds.</summary>
internal static class Rfc3339
{
    private const string Pattern = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";

    public static string Format(DateTimeOffset instant) => instant.UtcDateTime.ToString(Pattern, CultureInfo.InvariantCulture);
}
