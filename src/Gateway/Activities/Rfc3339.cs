using System.Globalization;

namespace Gateway.Activities;

/// <summary>Times on the wire: RFC 3339, UTC, microseconds.</summary>
internal static class Rfc3339
{
    public const int Size = 27;

    // A format of its own would be read letter by letter each time; this one is built in, and has one digit too many.
    private const string RoundTrip = "O";
    private const int RoundTripSize = 28;

    public static string Format(DateTimeOffset instant) => string.Create(Size, instant, static (text, instant) =>
    {
        Span<char> longer = stackalloc char[RoundTripSize];
        instant.UtcDateTime.TryFormat(longer, out _, RoundTrip, CultureInfo.InvariantCulture);
        longer[..(Size - 1)].CopyTo(text);
        text[^1] = 'Z';
    });

    /// <param name="utf8">Takes <see cref="Size"/> bytes.</param>
    public static void Write(DateTimeOffset instant, Span<byte> utf8)
    {
        Span<byte> longer = stackalloc byte[RoundTripSize];
        instant.UtcDateTime.TryFormat(longer, out _, RoundTrip, CultureInfo.InvariantCulture);
        longer[..(Size - 1)].CopyTo(utf8);
        utf8[Size - 1] = (byte)'Z';
    }
}
