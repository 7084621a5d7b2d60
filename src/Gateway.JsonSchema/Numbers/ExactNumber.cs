namespace Gateway.JsonSchema.Numbers;

/// <summary>
/// A JSON number as the decimal it is: 0.d1d2d3... times ten to the <see cref="Magnitude"/>, with neither leading nor trailing zero
/// digits. Reading and comparing are linear in the digits written; no digit is ever lost, and an exponent costs nothing.
/// </summary>
internal readonly ref struct ExactNumber
{
    private readonly ReadOnlySpan<byte> _head;
    private readonly ReadOnlySpan<byte> _tail;

    private ExactNumber(bool negative, ReadOnlySpan<byte> head, ReadOnlySpan<byte> tail, long magnitude)
    {
        _head = head;
        _tail = tail;
        IsNegative = negative && Digits > 0;
        Magnitude = magnitude;
    }

    public bool IsNegative { get; }

    /// <summary>Power of ten of the place before the first digit. The reader bounds exponents to 18 digits, so this cannot overflow.</summary>
    public long Magnitude { get; }

    /// <summary>Significant digits; zero for the number zero.</summary>
    public int Digits => _head.Length + _tail.Length;

    public bool IsZero => Digits == 0;

    /// <summary>Power of ten of the last digit.</summary>
    public long LastPlace => Magnitude - Digits;

    /// <summary>JSON Schema's integer: no fractional part, however it is written (<c>1.0</c>, <c>1e2</c>).</summary>
    public bool IsInteger => IsZero || LastPlace >= 0;

    /// <summary>The digit at a position from the left.</summary>
    public int this[int index] => (index < _head.Length ? _head[index] : _tail[index - _head.Length]) - '0';

    /// <summary>Reads a number that the tape has accepted; what follows it is ignored.</summary>
    public static ExactNumber Read(ReadOnlySpan<byte> text)
    {
        var negative = text[0] == '-';
        text = negative ? text[1..] : text;
        var head = TakeDigits(ref text);
        var tail = default(ReadOnlySpan<byte>);
        if (text is [(byte)'.', ..])
        {
            text = text[1..];
            tail = TakeDigits(ref text);
        }

        var exponent = text is [(byte)'e' or (byte)'E', ..] ? ReadExponent(text[1..]) : 0;
        head = head.TrimStart((byte)'0');
        var magnitude = (long)head.Length;
        if (head.IsEmpty)
        {
            var trimmed = tail.TrimStart((byte)'0');
            magnitude = trimmed.Length - tail.Length;
            tail = trimmed;
        }

        tail = tail.TrimEnd((byte)'0');
        if (tail.IsEmpty)
        {
            head = head.TrimEnd((byte)'0');
        }

        return head.IsEmpty && tail.IsEmpty ? default : new ExactNumber(negative, head, tail, magnitude + exponent);
    }

    /// <summary>Negative, zero or positive as this number is less than, equal to or greater than the other.</summary>
    public int CompareTo(in ExactNumber other)
    {
        if (IsNegative != other.IsNegative)
        {
            return IsNegative ? -1 : 1;
        }

        var bySize = CompareSize(other);
        return IsNegative ? -bySize : bySize;
    }

    private int CompareSize(in ExactNumber other)
    {
        if (IsZero || other.IsZero)
        {
            return other.IsZero ? (IsZero ? 0 : 1) : -1;
        }

        if (Magnitude != other.Magnitude)
        {
            return Magnitude < other.Magnitude ? -1 : 1;
        }

        var shared = Math.Min(Digits, other.Digits);
        for (var i = 0; i < shared; i++)
        {
            var difference = this[i] - other[i];
            if (difference != 0)
            {
                return difference;
            }
        }

        return Digits - other.Digits;
    }

    private static ReadOnlySpan<byte> TakeDigits(scoped ref ReadOnlySpan<byte> text)
    {
        var length = text.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        var digits = length < 0 ? text : text[..length];
        text = text[digits.Length..];
        return digits;
    }

    private static long ReadExponent(ReadOnlySpan<byte> text)
    {
        var negative = text[0] == '-';
        text = text[0] is (byte)'-' or (byte)'+' ? text[1..] : text;
        long value = 0;
        foreach (var digit in TakeDigits(ref text))
        {
            value = (value * 10) + (digit - '0');
        }

        return negative ? -value : value;
    }
}
