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
    // In the parent's place of the outermost container.
    private const ulong NoParent = uint.MaxValue;

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
        tape.Prepare(utf8.Length);
        fixed (byte* begin = tape.Text)
        {
            if (!PaddedCopy.Fill(utf8, begin) && !Utf8.IsValid(utf8))
            {
                return new JsonProblem(JsonProblemKind.InvalidUtf8, FirstInvalidByte(utf8), "The bytes are not valid UTF-8.");
            }

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
                finished = ReadValues(rows, rows + (_tape.Rows.Length - 2), hashes);
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
    /// <see langword="false"/> before a value when there is no room for it and a name after it. State lives in few locals: the loop is the
    /// greatest part of a validation, and every field would be a trip to memory. The zeros behind the text fit nowhere, so its end needs no check.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool ReadValues(Row* rows, Row* lastRow, uint* hashes)
    {
        var position = _position;
        var row = rows + _count;
        var container = _open < 0 ? null : rows + _open;
        var members = _members;
        var hash = hashes + _names;
        int closing = container == null ? 0 : container->Kind == JsonKind.Object ? '}' : ']';
        byte* after;

    Value:
        if (row >= lastRow)
        {
            Save(position, rows, row, container, members);
            _names = (int)(hash - hashes);
            return false;
        }

        int first = *position;
        if (first == '"')
        {
            position = ReadString(position + 1, row, (ulong)JsonKind.String << 32);
            if (position == null)
            {
                return true;
            }
        }
        else if ((uint)(first - '0') <= 9 || first == '-')
        {
            after = Vector128Number.TryRead(position, _begin, row);
            if (after == null && (after = ReadNumber(position, _end, row)) == null)
            {
                return true;
            }

            position = after;
        }
        else if (first is '{' or '[')
        {
            goto Open;
        }
        else if (first <= ' ' && (after = SkipWhitespace(position)) != position)
        {
            position = after;
            goto Value;
        }
        else
        {
            var length = ReadLiteral(position, _end, row);
            if (length == 0)
            {
                return Fail(position, position >= _end ? "The text ends where a value is expected." : "Expected a JSON value.");
            }

            position += length;
        }

        row++;

    AfterValue:
        members++;

    Separator:
        int next = *position;
        if (next == ',' && container != null)
        {
            position++;
            if (closing == ']')
            {
                goto Value;
            }

            goto Name;
        }

        if (next == closing && container != null)
        {
            goto Close;
        }

        if (next <= ' ' && (after = SkipWhitespace(position)) != position)
        {
            position = after;
            goto Separator;
        }

        if (container == null)
        {
            goto Finish;
        }

        return Fail(position, position >= _end ? "An array or object is not closed." : "Expected ',' or the end of the array or object.");

    Open:
        if (++_depth > _limits.MaxDepth)
        {
            return FailDepth(position);
        }

        if (container != null)
        {
            container->Length = members;
        }

        ((ulong*)row)[0] = (uint)(position - _begin) | ((ulong)(first == '{' ? JsonKind.Object : JsonKind.Array) << 32);
        ((ulong*)row)[1] = (container == null ? NoParent : (ulong)(container - rows)) << 32;
        container = row++;
        members = 0;

        // In ASCII each bracket closes two places after the one that opens.
        closing = first + 2;
        position++;
        if (*position <= ' ')
        {
            position = SkipWhitespace(position);
        }

        if (*position == closing)
        {
            goto Close;
        }

        if (closing == ']')
        {
            goto Value;
        }

    Name:
        if (*position != '"')
        {
            if (*position <= ' ' && (after = SkipWhitespace(position)) != position)
            {
                position = after;
                goto Name;
            }

            return Fail(position, "Expected a member name in quotes.");
        }

        if (members >= _limits.MaxMembers)
        {
            return FailMembers(position);
        }

        position = ReadString(position + 1, row, (ulong)JsonKind.Name << 32);
        if (position == null)
        {
            return true;
        }

        *hash++ = row->Hash = (row->Flags & RowFlags.Escaped) == 0 ? NameHash.ComputePadded(_begin + row->Start, row->Length) : UnescapeName(row);
        row++;
        if (*position != ':')
        {
            position = SkipWhitespace(position);
            if (*position != ':')
            {
                return Fail(position, "Expected ':' after a member name.");
            }
        }

        position++;
        goto Value;

    Close:
        position++;
        if (closing == '}')
        {
            if (members > 1 && !CheckNames(hash - members, members, rows, container, row))
            {
                return true;
            }

            hash -= members;
        }

        var parent = container->Next;
        container->Length = members;
        container->Next = (int)(row - rows);
        _depth--;
        if (parent < 0)
        {
            container = null;
            goto Finish;
        }

        container = rows + parent;
        members = container->Length;
        closing = container->Kind == JsonKind.Object ? '}' : ']';
        goto AfterValue;

    Finish:
        position = SkipWhitespace(position);
        Save(position, rows, row, container, members);
        return position == _end || Fail(position, "There is something after the JSON value.");
    }

    private void Save(byte* position, Row* rows, Row* row, Row* container, int members)
    {
        _position = position;
        (_count, _open, _members) = ((int)(row - rows), container == null ? -1 : (int)(container - rows), members);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool CheckNames(uint* hashes, int members, Row* rows, Row* container, Row* end) =>
        DuplicateNames.AreSurelyDistinct(hashes, members) || CheckNamesThoroughly(new ReadOnlySpan<uint>(hashes, members), rows, (int)(container - rows), (int)(end - rows));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool CheckNamesThoroughly(ReadOnlySpan<uint> hashes, Row* rows, int open, int count)
    {
        var view = new JsonView(new ReadOnlySpan<byte>(_begin, (int)(_end - _begin)), new ReadOnlySpan<Row>(rows, count), _tape.Side);
        var second = DuplicateNames.Find(hashes, view, open);
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
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool Fail(byte* position, string message)
    {
        _position = position;
        _failure = message;
        return true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool FailDepth(byte* position)
    {
        _kind = JsonProblemKind.TooDeep;
        return Fail(position, $"The value is nested deeper than {_limits.MaxDepth} levels.");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool FailMembers(byte* position)
    {
        _kind = JsonProblemKind.TooManyMembers;
        return Fail(position, $"An object has more than {_limits.MaxMembers} members.");
    }

    /// <summary>The first byte that is no whitespace; stops at the zeros behind the text at the latest.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static byte* SkipWhitespace(byte* position)
    {
        const ulong eightSpaces = 0x2020202020202020;
        while (true)
        {
            while (Unsafe.ReadUnaligned<ulong>(position) == eightSpaces)
            {
                position += 8;
            }

            if (*position is not ((byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t'))
            {
                return position;
            }

            position++;
        }
    }

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
