using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;

namespace Gateway.JsonSchema.Tape;

/// <summary>
/// Reads one JSON value into a <see cref="JsonTape"/>: one loop without recursion, linear in the input, that refuses everything
/// <see cref="StrictJson"/> refuses. Row positions count in the bytes as given.
/// </summary>
internal unsafe ref partial struct TapeBuilder
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
        var depth = _depth;
        var inObject = open >= 0 && rows[open].Kind == JsonKind.Object;

    Value:
        if (count >= rowLimit || names >= nameLimit)
        {
            Save(position, count, open, members, names);
            _depth = depth;
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
                inObject = *position == '{';
                if (++depth > _limits.MaxDepth)
                {
                    return FailDepth(position);
                }

                if (open >= 0)
                {
                    rows[open].Length = members;
                }

                ((ulong*)row)[0] = (uint)(position - _begin) | ((ulong)(inObject ? JsonKind.Object : JsonKind.Array) << 32);
                ((ulong*)row)[1] = (ulong)(uint)open << 32;
                (open, members) = (count++, 0);
                position = SkipWhitespace(position + 1, end);
                if (position < end && *position == (inObject ? '}' : ']'))
                {
                    goto Close;
                }

                if (inObject)
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
            if (inObject)
            {
                goto Name;
            }

            goto Value;
        }

        if (*position != (inObject ? '}' : ']'))
        {
            return Fail(position, "Expected ',' or the end of the array or object.");
        }

    Close:
        position++;
        var container = rows + open;
        if (inObject)
        {
            if (members > 1 && !CheckNames(hashes + (names - members), members, rows, open, count))
            {
                return true;
            }

            names -= members;
        }

        container->Length = members;
        open = container->Next;
        container->Next = count;
        depth--;
        if (open < 0)
        {
            goto Finish;
        }

        (members, inObject) = (rows[open].Length, rows[open].Kind == JsonKind.Object);
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
