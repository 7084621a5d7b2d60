using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Gateway.JsonSchema.Numbers;

namespace Gateway.JsonSchema.Tape;

/// <summary>Strings, numbers and literals: the usual ones here, the others by the scanners.</summary>
internal unsafe ref partial struct TapeBuilder
{
    // A sign, two words of digits, a point, one word of decimals, and the byte after it.
    private const int LongestUsualNumber = 1 + 16 + 1 + 8 + 1;

    /// <summary>Reads a string from after its quote; the position after its closing quote, or <see langword="null"/> after a failure.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private byte* ReadString(byte* start, Row* row, ulong kind)
    {
        // Most strings are plain and short: one look at 32 bytes finds their end.
        if (Vector256.IsHardwareAccelerated)
        {
            var mask = StringScanner.SpecialBytes(start);
            var length = BitOperations.TrailingZeroCount(mask);
            if (mask != 0 && start[length] == '"')
            {
                ((ulong*)row)[0] = (uint)(start - _begin) | kind;
                ((ulong*)row)[1] = (uint)length;
                return start + length + 1;
            }
        }

        return ReadLongString(start, _end, row, kind);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private byte* ReadLongString(byte* start, byte* end, Row* row, ulong kind)
    {
        var flags = RowFlags.None;
        JsonProblemKind? failed = null;
        var position = StringScanner.Scan(start, end, ref flags, ref failed);
        if (failed is { } reason)
        {
            _kind = reason;
            Fail(position, reason == JsonProblemKind.LoneSurrogate ? "A surrogate escape stands alone."
                : position == end ? "A string is not closed."
                : *position == '\\' ? "An escape is not one of JSON's." : "A control character stands unescaped in a string.");
            return null;
        }

        ((ulong*)row)[0] = (uint)(start - _begin) | kind | ((ulong)flags << 40);
        ((ulong*)row)[1] = (uint)(position - start);
        return position + 1;
    }

    /// <summary>Reads the usual number - a sign, up to fifteen digits, up to seven decimals - and leaves all others to the scanner.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private byte* ReadNumber(byte* start, byte* end, Row* row)
    {
        if (end - start < LongestUsualNumber)
        {
            return ReadUnusualNumber(start, end, row);
        }

        var negative = *start == '-';
        var position = start + (negative ? 1 : 0);
        var digits = EightDigits.Read(position, out var mantissa);
        if (digits == 8)
        {
            var more = EightDigits.Read(position + 8, out var low);
            mantissa = (mantissa * (ulong)Powers.OfTen[more]) + low;
            digits += more;
        }

        var usual = digits is > 0 and < 16 && (digits == 1 || *position != '0');
        position += digits;
        var decimals = 0;
        if (*position == '.')
        {
            decimals = EightDigits.Read(position + 1, out var low);
            mantissa = (mantissa * (ulong)Powers.OfTen[decimals]) + low;
            usual &= decimals is > 0 and < 8 && digits + decimals <= NumberScanner.CompactDigits;
            position += 1 + decimals;
        }

        if (!usual || (*position | 0x20) == 'e')
        {
            return ReadUnusualNumber(start, end, row);
        }

        ((ulong*)row)[0] = (uint)(start - _begin) | ((ulong)JsonKind.Number << 32) | ((ulong)RowFlags.Compact << 40) | ((ulong)decimals << 48);
        ((long*)row)[1] = negative ? -(long)mantissa : (long)mantissa;
        return position;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private byte* ReadUnusualNumber(byte* start, byte* end, Row* row)
    {
        *row = new Row { Start = (int)(start - _begin), Kind = JsonKind.Number };
        var after = NumberScanner.Scan(start, end, ref *row, out var failedAt, out _kind);
        if (after == null)
        {
            Fail(failedAt, _kind == JsonProblemKind.ExponentTooLarge
                ? "A number's exponent has more than 18 digits." : "A number is not written as JSON writes numbers.");
        }

        return after;
    }

    private readonly int ReadLiteral(byte* position, byte* end, Row* row)
    {
        // "true" and "null" as little-endian words, and "alse" after an 'f'.
        const uint True = 0x65757274, Null = 0x6C6C756E, Alse = 0x65736C61;
        var first = end - position >= 4 ? Unsafe.ReadUnaligned<uint>(position) : 0;
        var (kind, length) = first switch
        {
            True => (JsonKind.True, 4),
            Null => (JsonKind.Null, 4),
            _ when *position == 'f' && end - position >= 5 && Unsafe.ReadUnaligned<uint>(position + 1) == Alse => (JsonKind.False, 5),
            _ => (JsonKind.Null, 0),
        };
        *row = new Row { Start = (int)(position - _begin), Kind = kind, Length = length };
        return length;
    }

    private readonly uint UnescapeName(Row* name)
    {
        var target = _tape.SideRoom(name->Length);
        var written = Escapes.Unescape(new ReadOnlySpan<byte>(_begin + name->Start, name->Length), target);
        (name->Start, name->Length) = (_tape.SideCount, written);
        name->Flags |= RowFlags.Side;
        _tape.SideCount += written;
        return NameHash.Compute(target[..written]);
    }
}
