namespace Gateway.JsonSchema.Formats;

/// <summary>RFC 3339 section 5.6: <c>full-date</c>, <c>full-time</c> and <c>date-time</c>, with the calendar's limits of section 5.7.</summary>
internal static class DateFormats
{
    private const int DateLength = 10;
    private const int MinutesPerDay = 24 * 60;

    internal static bool IsDateTime(ReadOnlySpan<byte> utf8) =>
        utf8.Length > DateLength && (utf8[DateLength] | 0x20) == 't' && IsDate(utf8[..DateLength]) && IsTime(utf8[(DateLength + 1)..]);

    internal static bool IsDate(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length != DateLength || utf8[4] != '-' || utf8[7] != '-')
        {
            return false;
        }

        return Digits(utf8[..4]) is >= 0 and var year
            && Digits(utf8[5..7]) is >= 1 and <= 12 and var month
            && Digits(utf8[8..]) is >= 1 and var day
            && day <= DaysIn(year, month);
    }

    internal static bool IsTime(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length < 9 || utf8[2] != ':' || utf8[5] != ':'
            || Digits(utf8[..2]) is not (>= 0 and <= 23 and var hour)
            || Digits(utf8[3..5]) is not (>= 0 and <= 59 and var minute)
            || Digits(utf8[6..8]) is not (>= 0 and <= 60 and var second))
        {
            return false;
        }

        var rest = utf8[8..];
        if (rest[0] == '.')
        {
            var end = rest[1..].IndexOfAnyExceptInRange((byte)'0', (byte)'9') + 1;
            if (end < 2)
            {
                return false;
            }

            rest = rest[end..];
        }

        // A leap second is the last of a day in UTC, whatever the local hour.
        return TryReadOffset(rest, out var offset)
            && (second < 60 || (hour * 60 + minute - offset + MinutesPerDay) % MinutesPerDay == MinutesPerDay - 1);
    }

    private static bool TryReadOffset(ReadOnlySpan<byte> utf8, out int minutes)
    {
        minutes = 0;
        if (utf8.Length == 1)
        {
            return (utf8[0] | 0x20) == 'z';
        }

        if (utf8.Length != 6 || utf8[0] is not ((byte)'+' or (byte)'-') || utf8[3] != ':'
            || Digits(utf8[1..3]) is not (>= 0 and <= 23 and var hour)
            || Digits(utf8[4..]) is not (>= 0 and <= 59 and var minute))
        {
            return false;
        }

        minutes = (hour * 60 + minute) * (utf8[0] == '-' ? -1 : 1);
        return true;
    }

    /// <summary>The number that the bytes write in ASCII digits, or -1.</summary>
    private static int Digits(ReadOnlySpan<byte> utf8)
    {
        var value = 0;
        foreach (var digit in utf8)
        {
            if (digit is < (byte)'0' or > (byte)'9')
            {
                return -1;
            }

            value = value * 10 + (digit - '0');
        }

        return value;
    }

    private static int DaysIn(int year, int month) => month switch
    {
        4 or 6 or 9 or 11 => 30,
        2 => year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28,
        _ => 31,
    };
}
