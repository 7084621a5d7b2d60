namespace Gateway.JsonSchema.Tape;

/// <summary>Reads a number by RFC 8259 section 6 and keeps it as a scaled integer where that is exact.</summary>
internal static unsafe class NumberScanner
{
    // 18 digits and a sign always fit a long.
    public const int CompactDigits = 18;
    private const int MaxExponentDigits = 18;

    /// <summary>The position after the number, or <see langword="null"/> with the place and kind of the problem.</summary>
    public static byte* Scan(byte* position, byte* end, ref Row row, out byte* failedAt, out JsonProblemKind problem)
    {
        var start = position;
        problem = JsonProblemKind.Malformed;
        var negative = *position == '-';
        if (negative)
        {
            position++;
        }

        var digitsStart = position;
        ulong mantissa = 0;
        uint digit;
        while (position < end && (digit = (uint)(*position - '0')) <= 9)
        {
            mantissa = (mantissa * 10) + digit;
            position++;
        }

        var integerDigits = (int)(position - digitsStart);
        if (integerDigits == 0 || (integerDigits > 1 && *digitsStart == '0'))
        {
            failedAt = integerDigits == 0 ? position : digitsStart + 1;
            return null;
        }

        var digits = integerDigits;
        if (position < end && *position == '.')
        {
            var fractionStart = ++position;
            while (position < end && (digit = (uint)(*position - '0')) <= 9)
            {
                mantissa = (mantissa * 10) + digit;
                position++;
            }

            row.Scale = (byte)Math.Min(position - fractionStart, byte.MaxValue);
            digits += (int)(position - fractionStart);
            if (position == fractionStart)
            {
                failedAt = position;
                return null;
            }
        }

        failedAt = null;
        if (position < end && (*position | 0x20) == 'e')
        {
            position = ScanExponent(position + 1, end, out failedAt, out problem);
            digits = int.MaxValue;
            if (position == null)
            {
                return null;
            }
        }

        if (digits <= CompactDigits)
        {
            row.Flags = RowFlags.Compact;
            row.Mantissa = negative ? -(long)mantissa : (long)mantissa;
        }
        else
        {
            row.Scale = 0;
            row.Length = (int)(position - start);
        }

        return position;
    }

    private static byte* ScanExponent(byte* position, byte* end, out byte* failedAt, out JsonProblemKind problem)
    {
        problem = JsonProblemKind.Malformed;
        failedAt = null;
        if (position < end && *position is (byte)'+' or (byte)'-')
        {
            position++;
        }

        var digitsStart = position;
        while (position < end && *position == '0')
        {
            position++;
        }

        var significantStart = position;
        while (position < end && (uint)(*position - '0') <= 9)
        {
            position++;
        }

        if (position == digitsStart)
        {
            failedAt = position;
            return null;
        }

        if (position - significantStart > MaxExponentDigits)
        {
            problem = JsonProblemKind.ExponentTooLarge;
            failedAt = significantStart;
            return null;
        }

        return position;
    }
}
