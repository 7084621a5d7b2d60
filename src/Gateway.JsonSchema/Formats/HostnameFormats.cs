using Gateway.JsonSchema.Formats.Idna;
using Gateway.JsonSchema.Patterns.Unicode;

namespace Gateway.JsonSchema.Formats;

/// <summary>
/// Host names: RFC 1123 section 2.1 with the A-labels of RFC 5890, and the same with U-labels. Labels that stand for characters beyond
/// ASCII must be valid by IDNA2008 in either spelling.
/// </summary>
internal static class HostnameFormats
{
    /// <summary>Longest name, with all its labels in ASCII and the dots between them.</summary>
    private const int MaxLength = 253;

    internal static bool IsHostname(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > MaxLength)
        {
            return false;
        }

        var bidi = default(BidiRule);
        foreach (var part in utf8.Split((byte)'.'))
        {
            if (!HostLabel.IsAsciiLabel(utf8[part], ref bidi))
            {
                return false;
            }
        }

        return bidi.Holds;
    }

    internal static bool IsIdnHostname(ReadOnlySpan<byte> utf8)
    {
        var bidi = default(BidiRule);
        var length = -1;
        while (true)
        {
            var end = IndexOfSeparator(utf8, out var separator);
            var asciiLength = HostLabel.LengthInAscii(end < 0 ? utf8 : utf8[..end], ref bidi);
            length += asciiLength + 1;
            if (asciiLength == HostLabel.Invalid || length > MaxLength)
            {
                return false;
            }

            if (end < 0)
            {
                return bidi.Holds;
            }

            utf8 = utf8[(end + separator)..];
        }
    }

    /// <summary>Finds the next dot or one of the three other full stops that RFC 3490 section 3.1 takes for dots.</summary>
    private static int IndexOfSeparator(ReadOnlySpan<byte> utf8, out int length)
    {
        for (var at = 0; at < utf8.Length;)
        {
            var start = at;
            if (Utf8.ReadForward(utf8, ref at) is '.' or 0x3002 or 0xFF0E or 0xFF61)
            {
                length = at - start;
                return start;
            }
        }

        length = 0;
        return -1;
    }
}
