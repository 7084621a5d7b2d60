using System.Buffers;
using Gateway.JsonSchema.Patterns.Unicode;

namespace Gateway.JsonSchema.Formats;

/// <summary>RFC 6570 section 2, with its erratum 6937: the apostrophe is a literal.</summary>
internal static class UriTemplateFormat
{
    private static readonly SearchValues<byte> NeverLiteral = SearchValues.Create("\"<>\\^`{|} \x7F"u8);
    private static readonly SearchValues<byte> Operators = SearchValues.Create("+#./;?&=,!@|"u8);

    internal static bool IsValid(ReadOnlySpan<byte> utf8)
    {
        for (var at = 0; at < utf8.Length;)
        {
            if (utf8[at] == '{')
            {
                var length = utf8[at..].IndexOf((byte)'}');
                if (length < 0 || !IsExpression(utf8.Slice(at + 1, length - 1)))
                {
                    return false;
                }

                at += length + 1;
            }
            else if (!TrySkipLiteral(utf8, ref at))
            {
                return false;
            }
        }

        return true;
    }

    private static bool TrySkipLiteral(ReadOnlySpan<byte> utf8, ref int at)
    {
        if (utf8[at] == '%')
        {
            var isEncoded = AsciiText.IsPercentEncodedAt(utf8, at);
            at += 3;
            return isEncoded;
        }

        var codePoint = Utf8.ReadForward(utf8, ref at);
        return codePoint < 0x80
            ? codePoint > 0x20 && !NeverLiteral.Contains((byte)codePoint)
            : IriCharacters.IsUcs(codePoint) || IriCharacters.IsPrivate(codePoint);
    }

    private static bool IsExpression(ReadOnlySpan<byte> utf8)
    {
        if (!utf8.IsEmpty && Operators.Contains(utf8[0]))
        {
            utf8 = utf8[1..];
        }

        foreach (var part in utf8.Split((byte)','))
        {
            if (!IsVariable(utf8[part]))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsVariable(ReadOnlySpan<byte> utf8)
    {
        if (utf8 is [.., (byte)'*'])
        {
            return IsName(utf8[..^1]);
        }

        var colon = utf8.IndexOf((byte)':');
        return colon < 0 ? IsName(utf8) : IsName(utf8[..colon]) && IsPrefixLength(utf8[(colon + 1)..]);
    }

    private static bool IsPrefixLength(ReadOnlySpan<byte> utf8) =>
        utf8.Length is >= 1 and <= 4 && utf8[0] != '0' && !utf8.ContainsAnyExceptInRange((byte)'0', (byte)'9');

    private static bool IsName(ReadOnlySpan<byte> utf8)
    {
        var afterDot = true;
        for (var at = 0; at < utf8.Length; at++)
        {
            if (utf8[at] == '.' && !afterDot)
            {
                afterDot = true;
                continue;
            }

            if (AsciiText.IsPercentEncodedAt(utf8, at))
            {
                at += 2;
            }
            else if (!AsciiText.IsLetterOrDigit(utf8[at]) && utf8[at] != '_')
            {
                return false;
            }

            afterDot = false;
        }

        return !afterDot;
    }
}
