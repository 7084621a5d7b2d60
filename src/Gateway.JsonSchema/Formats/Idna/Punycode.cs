namespace Gateway.JsonSchema.Formats.Idna;

/// <summary>RFC 3492, for labels: what comes out is never longer than the room given.</summary>
internal static class Punycode
{
    private const int Base = 36;
    private const int MinThreshold = 1;
    private const int MaxThreshold = 26;
    private const int InitialBias = 72;
    private const int InitialCodePoint = 0x80;

    /// <summary>Decodes in lower case: host names are compared without regard to it, so an A-label's case says nothing.</summary>
    internal static bool TryDecode(ReadOnlySpan<byte> encoded, Span<int> codePoints, out int count)
    {
        count = 0;
        var delimiter = encoded.LastIndexOf((byte)'-');
        for (var i = 0; i < delimiter; i++)
        {
            codePoints[count++] = char.ToLowerInvariant((char)encoded[i]);
        }

        var (next, place, bias) = (InitialCodePoint, 0L, InitialBias);
        for (var at = delimiter + 1; at < encoded.Length; place++)
        {
            var before = place;
            if (count == codePoints.Length || !TryReadDelta(encoded, ref at, ref place, bias))
            {
                return false;
            }

            bias = Adapt(place - before, count + 1, before == 0);
            next += (int)Math.Min(place / (count + 1), 0x110000);
            place %= count + 1;
            if (next is > 0x10FFFF or (>= 0xD800 and <= 0xDFFF))
            {
                return false;
            }

            codePoints[(int)place..count].CopyTo(codePoints[((int)place + 1)..]);
            codePoints[(int)place] = next;
            count++;
        }

        return true;
    }

    internal static bool TryEncode(ReadOnlySpan<int> codePoints, Span<byte> encoded, out int length)
    {
        length = 0;
        foreach (var codePoint in codePoints)
        {
            if (codePoint < InitialCodePoint && !TryWrite(codePoint, encoded, ref length))
            {
                return false;
            }
        }

        var basic = length;
        if (basic > 0 && !TryWrite('-', encoded, ref length))
        {
            return false;
        }

        return TryEncodeBeyondAscii(codePoints, basic, encoded, ref length);
    }

    private static bool TryEncodeBeyondAscii(ReadOnlySpan<int> codePoints, int basic, Span<byte> encoded, ref int length)
    {
        var (last, delta, bias, handled) = (InitialCodePoint, 0L, InitialBias, basic);
        while (handled < codePoints.Length)
        {
            var next = LeastFrom(codePoints, last);
            delta += (long)(next - last) * (handled + 1);
            foreach (var codePoint in codePoints)
            {
                if (codePoint == next)
                {
                    if (!TryWriteDelta(delta, bias, encoded, ref length))
                    {
                        return false;
                    }

                    bias = Adapt(delta, handled + 1, handled == basic);
                    (delta, handled) = (0, handled + 1);
                }
                else if (codePoint < next)
                {
                    delta++;
                }
            }

            (delta, last) = (delta + 1, next + 1);
        }

        return true;
    }

    private static bool TryReadDelta(ReadOnlySpan<byte> encoded, ref int at, ref long place, int bias)
    {
        var weight = 1L;
        for (var position = Base; ; position += Base)
        {
            var digit = at < encoded.Length ? DigitOf(encoded[at++]) : -1;
            if (digit < 0)
            {
                return false;
            }

            place += digit * weight;
            var threshold = Threshold(position, bias);
            if (digit < threshold)
            {
                return true;
            }

            weight *= Base - threshold;
            if (place > int.MaxValue || weight > int.MaxValue)
            {
                return false;
            }
        }
    }

    private static bool TryWriteDelta(long delta, int bias, Span<byte> encoded, ref int length)
    {
        for (var position = Base; ; position += Base)
        {
            var threshold = Threshold(position, bias);
            if (delta < threshold)
            {
                return TryWrite(LetterOf((int)delta), encoded, ref length);
            }

            if (!TryWrite(LetterOf((int)(threshold + (delta - threshold) % (Base - threshold))), encoded, ref length))
            {
                return false;
            }

            delta = (delta - threshold) / (Base - threshold);
        }
    }

    private static bool TryWrite(int letter, Span<byte> encoded, ref int length)
    {
        if (length == encoded.Length)
        {
            return false;
        }

        encoded[length++] = (byte)letter;
        return true;
    }

    private static int Threshold(int position, int bias) => Math.Clamp(position - bias, MinThreshold, MaxThreshold);

    private static int Adapt(long delta, int count, bool isFirst)
    {
        delta = isFirst ? delta / 700 : delta / 2;
        delta += delta / count;
        var position = 0;
        for (; delta > (Base - MinThreshold) * MaxThreshold / 2; position += Base)
        {
            delta /= Base - MinThreshold;
        }

        return position + (int)((Base - MinThreshold + 1) * delta / (delta + 38));
    }

    private static int LeastFrom(ReadOnlySpan<int> codePoints, int floor)
    {
        var least = int.MaxValue;
        foreach (var codePoint in codePoints)
        {
            least = codePoint >= floor ? Math.Min(least, codePoint) : least;
        }

        return least;
    }

    private static int LetterOf(int digit) => digit < 26 ? 'a' + digit : '0' + digit - 26;

    private static int DigitOf(byte letter) => AsciiText.IsDigit(letter) ? letter - '0' + 26 : AsciiText.IsLetter(letter) ? (letter | 0x20) - 'a' : -1;
}
