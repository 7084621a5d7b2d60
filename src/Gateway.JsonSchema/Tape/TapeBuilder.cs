using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Text;
using System.Text.Unicode;

namespace Gateway.JsonSchema.Tape;

/// <summary>
/// Reads one JSON value into a <see cref="JsonTape"/>: one loop without recursion, linear in the input, that refuses everything
/// <see cref="StrictJson"/> refuses. Row positions count in the bytes as given.
/// </summary>
internal unsafe ref struct TapeBuilder
{
    private readonly byte* _begin;
    private readonly byte* _end;
    private readonly JsonTape _tape;
    private readonly JsonLimits _limits;

    // Where the loop stands when it leaves for more room, and what it left for.
    private byte* _position;
    private int _count;
    private int _open;
    private int _depth;
    private int _members;
    private int _names;
    private string? _failure;
    private JsonProblemKind _kind;

    private TapeBuilder(byte* begin, byte* end, JsonTape tape, JsonLimits limits)
    {
        _begin = _position = begin;
        _end = end;
        (_tape, _limits, _open) = (tape, limits, -1);
    }

    /// <summary>Fills the tape. <see langword="null"/> when the bytes are one acceptable JSON value.</summary>
    public static JsonProblem? Build(ReadOnlySpan<byte> utf8, JsonTape tape, JsonLimits limits)
    {
        if (!Utf8.IsValid(utf8))
        {
            return new JsonProblem(JsonProblemKind.InvalidUtf8, FirstInvalidByte(utf8), "The bytes are not valid UTF-8.");
        }

        tape.Prepare(utf8.Length);
        fixed (byte* begin = utf8)
        {
            var builder = new TapeBuilder(begin, begin + utf8.Length, tape, limits);
            if (utf8.StartsWith("\uFEFF"u8))
            {
                builder._position += 3;
            }

            return builder.Run();
        }
    }

    private JsonProblem? Run()
    {
        while (true)
        {
            bool finished;
            fixed (Row* rows = _tape.Rows)
            fixed (uint* hashes = _tape.OpenHashes)
            {
                finished = ReadValues(rows, _tape.Rows.Length - 2, hashes, _tape.OpenHashes.Length - 1);
            }

            _tape.Count = _count;
            if (_failure is not null)
            {
                return new JsonProblem(_kind, _position - _begin, _failure);
            }

            if (finished)
            {
                return null;
            }

            _tape.Grow(_names);
        }
    }

    /// <summary>
    /// The dispatch loop: a value, then what may follow it in the innermost open container, then the next value. It returns
    /// <see langword="false"/> before a value when there is no room for it and a name after it. State lives in locals: the loop is the
    /// greatest part of a validation, and every field would be a trip to memory.
    /// </summary>
    private bool ReadValues(Row* rows, int rowLimit, uint* hashes, int nameLimit)
    {
        var position = _position;
        var end = _end;
        var count = _count;
        var open = _open;
        var members = _members;
        var names = _names;

    Value:
        if (count >= rowLimit || names >= nameLimit)
        {
            Save(position, count, open, members, names);
            return false;
        }

        position = SkipWhitespace(position, end);
        if (position == end)
        {
            return Fail(position, "The text ends where a value is expected.");
        }

        var row = rows + count;
        switch (*position)
        {
            case (byte)'"':
                position = ReadString(position + 1, end, row, (ulong)JsonKind.String << 32);
                if (position == null)
                {
                    return true;
                }

                count++;
                break;
            case (byte)'{' or (byte)'[':
                var isObject = *position == '{';
                if (++_depth > _limits.MaxDepth)
                {
                    return FailDepth(position);
                }

                if (open >= 0)
                {
                    rows[open].Length = members;
                }

                *row = new Row { Start = (int)(position - _begin), Kind = isObject ? JsonKind.Object : JsonKind.Array, Next = open };
                (open, members) = (count++, 0);
                position = SkipWhitespace(position + 1, end);
                if (position < end && *position == (isObject ? '}' : ']'))
                {
                    goto Close;
                }

                if (isObject)
                {
                    goto Name;
                }

                goto Value;
            case (byte)'-' or (>= (byte)'0' and <= (byte)'9'):
                position = ReadNumber(position, end, row);
                if (position == null)
                {
                    return true;
                }

                count++;
                break;
            default:
                var length = ReadLiteral(position, end, row);
                if (length == 0)
                {
                    return Fail(position, "Expected a JSON value.");
                }

                position += length;
                count++;
                break;
        }

    AfterValue:
        if (open < 0)
        {
            goto Finish;
        }

        members++;
        position = SkipWhitespace(position, end);
        if (position == end)
        {
            return Fail(position, "An array or object is not closed.");
        }

        if (*position == ',')
        {
            position = SkipWhitespace(position + 1, end);
            if (rows[open].Kind == JsonKind.Object)
            {
                goto Name;
            }

            goto Value;
        }

        if (*position != (rows[open].Kind == JsonKind.Object ? '}' : ']'))
        {
            return Fail(position, "Expected ',' or the end of the array or object.");
        }

    Close:
        position++;
        var container = rows + open;
        if (members > 1 && container->Kind == JsonKind.Object && !CheckNames(hashes + (names - members), members, rows, open, count))
        {
            return true;
        }

        names -= container->Kind == JsonKind.Object ? members : 0;
        container->Length = members;
        open = container->Next;
        container->Next = count;
        members = open >= 0 ? rows[open].Length : 0;
        _depth--;
        goto AfterValue;

    Name:
        if (position == end || *position != '"')
        {
            return Fail(position, "Expected a member name in quotes.");
        }

        if (members >= _limits.MaxMembers)
        {
            _kind = JsonProblemKind.TooManyMembers;
            return Fail(position, $"An object has more than {_limits.MaxMembers} members.");
        }

        var name = rows + count;
        position = ReadString(position + 1, end, name, (ulong)JsonKind.Name << 32);
        if (position == null)
        {
            return true;
        }

        name->Hash = (name->Flags & RowFlags.Escaped) == 0 ? NameHash.Compute(_begin + name->Start, name->Length) : UnescapeName(name);
        hashes[names++] = name->Hash;
        count++;
        position = SkipWhitespace(position, end);
        if (position == end || *position != ':')
        {
            return Fail(position, "Expected ':' after a member name.");
        }

        position++;
        goto Value;

    Finish:
        position = SkipWhitespace(position, end);
        Save(position, count, open, members, names);
        return position == end || Fail(position, "There is something after the JSON value.");
    }

    private void Save(byte* position, int count, int open, int members, int names)
    {
        _position = position;
        (_count, _open, _members, _names) = (count, open, members, names);
    }

    /// <summary>Reads a string from after its quote; the position after its closing quote, or <see langword="null"/> after a failure.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private byte* ReadString(byte* start, byte* end, Row* row, ulong kind)
    {
        // Most strings are plain, short and not near the end of the document: one look at 32 bytes finds their end.
        if (Vector256.IsHardwareAccelerated && end - start >= Vector256<byte>.Count)
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

        return ReadLongString(start, end, row, kind);
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

    /// <summary>Reads the usual number - a sign, some digits, some decimals - and leaves all others to the scanner.</summary>
    private byte* ReadNumber(byte* start, byte* end, Row* row)
    {
        var position = start + (*start == '-' ? 1 : 0);
        var digits = position;
        ulong mantissa = 0;
        uint digit;
        if (end - position >= sizeof(ulong) && EightDigits.TryRead(position, out var eight))
        {
            mantissa = eight;
            position += sizeof(ulong);
        }

        while (position < end && (digit = (uint)(*position - '0')) <= 9)
        {
            mantissa = (mantissa * 10) + digit;
            position++;
        }

        var length = position - digits;
        var usual = length > 0 && (length == 1 || *digits != '0');
        long scale = 0;
        if (position < end && *position == '.')
        {
            var decimals = ++position;
            while (position < end && (digit = (uint)(*position - '0')) <= 9)
            {
                mantissa = (mantissa * 10) + digit;
                position++;
            }

            scale = position - decimals;
            length += scale;
            usual &= scale > 0;
        }

        if (!usual || length > NumberScanner.CompactDigits || (position < end && (*position | 0x20) == 'e'))
        {
            return ReadUnusualNumber(start, end, row);
        }

        ((ulong*)row)[0] = (uint)(start - _begin) | ((ulong)JsonKind.Number << 32) | ((ulong)RowFlags.Compact << 40) | ((ulong)scale << 48);
        ((long*)row)[1] = *start == '-' ? -(long)mantissa : (long)mantissa;
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

    private bool CheckNames(uint* hashes, int members, Row* rows, int open, int count)
    {
        if (DuplicateNames.AreSurelyDistinct(new ReadOnlySpan<uint>(hashes, members)))
        {
            return true;
        }

        var view = new JsonView(new ReadOnlySpan<byte>(_begin, (int)(_end - _begin)), new ReadOnlySpan<Row>(rows, count), _tape.Side);
        var second = DuplicateNames.Find(new ReadOnlySpan<uint>(hashes, members), view, open);
        if (second < 0)
        {
            return true;
        }

        // The row of a name with escapes points into the side buffer; the value behind it is the nearest known place.
        var place = (rows[second].Flags & RowFlags.Side) == 0 ? rows[second].Start - 1 : rows[second + 1].Start;
        _kind = JsonProblemKind.DuplicateName;
        Fail(_begin + place, "An object has the same member name twice.");
        return false;
    }

    // Always true: "finished", with the failure noted.
    private bool Fail(byte* position, string message)
    {
        _position = position;
        _failure = message;
        return true;
    }

    private bool FailDepth(byte* position)
    {
        _kind = JsonProblemKind.TooDeep;
        return Fail(position, $"The value is nested deeper than {_limits.MaxDepth} levels.");
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* SkipWhitespace(byte* position, byte* end)
    {
        while (position < end && *position <= ' ' && IsWhitespace(*position))
        {
            position++;
        }

        return position;
    }

    private static bool IsWhitespace(byte value) => value is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t';

    private static int FirstInvalidByte(ReadOnlySpan<byte> utf8)
    {
        var position = 0;
        while (Rune.DecodeFromUtf8(utf8[position..], out _, out var length) == System.Buffers.OperationStatus.Done)
        {
            position += length;
        }

        return position;
    }
}
