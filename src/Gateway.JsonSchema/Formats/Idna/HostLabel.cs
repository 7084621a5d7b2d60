using System.Buffers;
using Gateway.JsonSchema.Patterns.Unicode;

namespace Gateway.JsonSchema.Formats.Idna;

/// <summary>One label of a host name.</summary>
internal static class HostLabel
{
    internal const int Invalid = -1;

    /// <summary>Longest label in ASCII (RFC 1035 section 2.3.4).</summary>
    private const int MaxLength = 63;

    private static readonly SearchValues<byte> LettersDigitsHyphen =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-"u8);

    /// <summary>Whether a label is letters, digits and inner hyphens, and if it is spelled as an A-label, a valid one.</summary>
    internal static bool IsAsciiLabel(ReadOnlySpan<byte> label, ref BidiRule bidi)
    {
        if (label.Length is 0 or > MaxLength || label[0] == '-' || label[^1] == '-' || label.ContainsAnyExcept(LettersDigitsHyphen))
        {
            return false;
        }

        if (label.Length >= 4 && (label[0] | 0x20) == 'x' && (label[1] | 0x20) == 'n' && label[2] == '-' && label[3] == '-')
        {
            return IsALabel(label[4..], ref bidi);
        }

        Span<int> codePoints = stackalloc int[MaxLength];
        for (var i = 0; i < label.Length; i++)
        {
            codePoints[i] = label[i];
        }

        bidi.Add(codePoints[..label.Length]);
        return true;
    }

    /// <summary>How long a label in any script is when spelled in ASCII, or <see cref="Invalid"/>.</summary>
    internal static int LengthInAscii(ReadOnlySpan<byte> label, ref BidiRule bidi)
    {
        if (!label.ContainsAnyInRange((byte)0x80, (byte)0xFF))
        {
            return IsAsciiLabel(label, ref bidi) ? label.Length : Invalid;
        }

        Span<int> codePoints = stackalloc int[MaxLength];
        var count = 0;
        for (var at = 0; at < label.Length;)
        {
            if (count == MaxLength)
            {
                return Invalid;
            }

            codePoints[count++] = Utf8.ReadForward(label, ref at);
        }

        Span<byte> encoded = stackalloc byte[MaxLength - 4];
        return UnicodeLabel.IsValid(codePoints[..count]) && Punycode.TryEncode(codePoints[..count], encoded, out var length)
            ? Admit(codePoints[..count], length + 4, ref bidi)
            : Invalid;
    }

    private static int Admit(ReadOnlySpan<int> codePoints, int length, ref BidiRule bidi)
    {
        bidi.Add(codePoints);
        return length;
    }

    /// <summary>RFC 5890 section 2.3.2.1: it must stand for a valid U-label, and be the one spelling of it.</summary>
    private static bool IsALabel(ReadOnlySpan<byte> encoded, ref BidiRule bidi)
    {
        Span<int> codePoints = stackalloc int[MaxLength];
        Span<byte> again = stackalloc byte[MaxLength];
        if (!Punycode.TryDecode(encoded, codePoints, out var count)
            || !codePoints[..count].ContainsAnyInRange(0x80, int.MaxValue)
            || !UnicodeLabel.IsValid(codePoints[..count])
            || !Punycode.TryEncode(codePoints[..count], again, out var length)
            || !System.Text.Ascii.EqualsIgnoreCase(encoded, again[..length]))
        {
            return false;
        }

        bidi.Add(codePoints[..count]);
        return true;
    }
}
