using System.Text;

namespace Gateway.JsonSchema.Tape;

/// <summary>The escapes of RFC 8259 section 7: checking them once, replacing them where a keyword looks.</summary>
internal static unsafe class Escapes
{
    /// <summary>
    /// Length in bytes of the escape that starts at <paramref name="position"/> (12 for a surrogate pair), or 0 with the problem.
    /// </summary>
    public static int Check(byte* position, byte* end, ref RowFlags flags, out JsonProblemKind problem)
    {
        problem = JsonProblemKind.Malformed;
        if (end - position < 2)
        {
            return 0;
        }

        if (position[1] != 'u')
        {
            return "\"\\/bfnrt"u8.Contains(position[1]) ? 2 : 0;
        }

        if (!TryReadHex(position, end, out var unit))
        {
            return 0;
        }

        if (unit >= 0x80)
        {
            flags |= RowFlags.NonAscii;
        }

        if (unit is < 0xD800 or > 0xDFFF)
        {
            return 6;
        }

        if (unit <= 0xDBFF && end - position >= 12 && position[6] == '\\' && position[7] == 'u'
            && TryReadHex(position + 6, end, out var low) && low is >= 0xDC00 and <= 0xDFFF)
        {
            return 12;
        }

        problem = JsonProblemKind.LoneSurrogate;
        return 0;
    }

    /// <summary>Replaces the escapes of a string that was checked before.</summary>
    /// <param name="raw">The text between the quotes.</param>
    /// <param name="target">At least as long as <paramref name="raw"/>: unescaped text is never longer.</param>
    /// <returns>Bytes written.</returns>
    public static int Unescape(ReadOnlySpan<byte> raw, Span<byte> target)
    {
        var written = 0;
        while (true)
        {
            var plain = raw.IndexOf((byte)'\\');
            if (plain < 0)
            {
                raw.CopyTo(target[written..]);
                return written + raw.Length;
            }

            raw[..plain].CopyTo(target[written..]);
            written += plain;
            raw = raw[plain..];
            written += UnescapeOne(ref raw, target[written..]);
        }
    }

    private static int UnescapeOne(ref ReadOnlySpan<byte> raw, Span<byte> target)
    {
        if (raw[1] != 'u')
        {
            target[0] = raw[1] switch
            {
                (byte)'b' => (byte)'\b',
                (byte)'f' => (byte)'\f',
                (byte)'n' => (byte)'\n',
                (byte)'r' => (byte)'\r',
                (byte)'t' => (byte)'\t',
                var same => same,
            };
            raw = raw[2..];
            return 1;
        }

        var unit = ReadHex(raw[2..]);
        if (unit is >= 0xD800 and <= 0xDFFF)
        {
            var pair = new Rune((char)unit, (char)ReadHex(raw[8..]));
            raw = raw[12..];
            return pair.EncodeToUtf8(target);
        }

        raw = raw[6..];
        return new Rune((char)unit).EncodeToUtf8(target);
    }

    private static bool TryReadHex(byte* escape, byte* end, out int unit)
    {
        unit = 0;
        if (end - escape < 6)
        {
            return false;
        }

        for (var i = 2; i < 6; i++)
        {
            if (!char.IsAsciiHexDigit((char)escape[i]))
            {
                return false;
            }
        }

        unit = ReadHex(new ReadOnlySpan<byte>(escape + 2, 4));
        return true;
    }

    private static int ReadHex(ReadOnlySpan<byte> digits)
    {
        var value = 0;
        foreach (var digit in digits[..4])
        {
            value = (value << 4) + (digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
        }

        return value;
    }
}
