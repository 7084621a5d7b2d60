using System.Buffers;

namespace Gateway.JsonSchema.Formats;

/// <summary>Sets of ASCII characters that several grammars share.</summary>
internal static class AsciiText
{
    private static readonly SearchValues<byte> Hex = SearchValues.Create("0123456789ABCDEFabcdef"u8);

    internal static bool IsHex(ReadOnlySpan<byte> utf8) => !utf8.ContainsAnyExcept(Hex);

    internal static bool IsLetter(byte value) => (value | 0x20) is >= 'a' and <= 'z';

    internal static bool IsDigit(byte value) => value is >= (byte)'0' and <= (byte)'9';

    internal static bool IsLetterOrDigit(byte value) => IsLetter(value) || IsDigit(value);

    /// <summary>Whether an octet in percent-encoding (RFC 3986 section 2.1) stands at the place.</summary>
    internal static bool IsPercentEncodedAt(ReadOnlySpan<byte> utf8, int at) =>
        at + 2 < utf8.Length && utf8[at] == '%' && IsHex(utf8.Slice(at + 1, 2));
}
