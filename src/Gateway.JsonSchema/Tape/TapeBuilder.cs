using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;

namespace Gateway.JsonSchema.Tape;

/// <summary>
/// Reads one JSON value into a <see cref="JsonTape"/>: a loop without recursion, linear in the input, that refuses everything
/// <see cref="StrictJson"/> refuses. Row positions count in the bytes as given.
/// </summary>
internal unsafe ref struct TapeBuilder
{
    private readonly byte* _begin;
    private readonly byte* _end;
    private readonly JsonTape _tape;
    private readonly JsonLimits _limits;
    private byte* _position;
    private Row[] _rows;
    private int _count;
    private int _open;
    private int _depth;
    private int _openNames;

    private TapeBuilder(byte* begin, byte* end, JsonTape tape, JsonLimits limits)
    {
        _begin = _position = begin;
        _end = end;
        (_tape, _limits, _rows, _open) = (tape, limits, tape.Rows, -1);
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

            var problem = builder.ReadDocument();
            tape.Count = builder._count;
            return problem;
        }
    }

    private JsonProblem? ReadDocument()
    {
        var problem = ReadValues();
        if (problem is not null)
        {
            return problem;
        }

        SkipWhitespace();
        return _position == _end ? null : Malformed("There is something after the JSON value.");
    }

    // The dispatch loop: one value per turn; after a value, what may follow it in the innermost open container.
    private JsonProblem? ReadValues()
    {
        JsonProblem? problem;
        while (true)
        {
            SkipWhitespace();
            if (_position == _end)
            {
                return Malformed("The text ends where a value is expected.");
            }

            bool opened;
            switch (*_position)
            {
                case (byte)'"':
                    problem = ReadString(JsonKind.String);
                    opened = false;
                    break;
                case (byte)'{':
                    problem = OpenContainer(JsonKind.Object, (byte)'}', out opened);
                    break;
                case (byte)'[':
                    problem = OpenContainer(JsonKind.Array, (byte)']', out opened);
                    break;
                case (byte)'-' or (>= (byte)'0' and <= (byte)'9'):
                    problem = ReadNumber();
                    opened = false;
                    break;
                default:
                    problem = ReadLiteral();
                    opened = false;
                    break;
            }

            if (problem is null && !opened)
            {
                problem = AfterValue();
            }
            else if (problem is null && _rows[_open].Kind == JsonKind.Object)
            {
                problem = ReadName();
            }

            if (problem is not null || _open < 0)
            {
                return problem;
            }
        }
    }

    /// <summary>Closes what ends here. Returns with the position at the next value, or with nothing open at the end.</summary>
    private JsonProblem? AfterValue()
    {
        while (_open >= 0)
        {
            ref var container = ref _rows[_open];
            container.Length++;
            SkipWhitespace();
            var next = _position < _end ? *_position : (byte)0;
            if (next == ',')
            {
                _position++;
                return container.Kind == JsonKind.Object ? ReadName() : null;
            }

            if (next != (container.Kind == JsonKind.Object ? '}' : ']'))
            {
                return Malformed(container.Kind == JsonKind.Object
                    ? "Expected ',' or '}' after a member." : "Expected ',' or ']' after an item.");
            }

            _position++;
            if (container.Kind == JsonKind.Object && CheckNames(container.Length) is { } problem)
            {
                return problem;
            }

            Close(ref container);
        }

        return null;
    }

    private void Close(ref Row container)
    {
        _open = container.Next;
        container.Next = _count;
        _depth--;
    }

    private JsonProblem? OpenContainer(JsonKind kind, byte closing, out bool opened)
    {
        opened = false;
        if (++_depth > _limits.MaxDepth)
        {
            return Problem(JsonProblemKind.TooDeep, _position, $"The value is nested deeper than {_limits.MaxDepth} levels.");
        }

        var index = _count;
        ref var row = ref NextRow();
        row = new Row { Start = (int)(_position - _begin), Kind = kind, Next = _open };
        _open = index;
        _position++;
        SkipWhitespace();
        if (_position < _end && *_position == closing)
        {
            _position++;
            Close(ref row);
            return null;
        }

        opened = true;
        return null;
    }

    private JsonProblem? ReadName()
    {
        SkipWhitespace();
        if (_position == _end || *_position != '"')
        {
            return Malformed("Expected a member name in quotes.");
        }

        if (_rows[_open].Length >= _limits.MaxMembers)
        {
            return Problem(JsonProblemKind.TooManyMembers, _position, $"An object has more than {_limits.MaxMembers} members.");
        }

        var index = _count;
        if (ReadString(JsonKind.Name) is { } problem)
        {
            return problem;
        }

        ref var row = ref _rows[index];
        if ((row.Flags & RowFlags.Escaped) != 0)
        {
            UnescapeName(ref row);
        }
        else
        {
            row.Hash = NameHash.Compute(_begin + row.Start, row.Length);
        }

        if (_openNames == _tape.OpenNames.Length)
        {
            _tape.GrowNames(_openNames);
        }

        _tape.OpenNames[_openNames] = index;
        _tape.OpenHashes[_openNames++] = row.Hash;
        SkipWhitespace();
        if (_position == _end || *_position != ':')
        {
            return Malformed("Expected ':' after a member name.");
        }

        _position++;
        return null;
    }

    private void UnescapeName(ref Row row)
    {
        if (_tape.Side.Length - _tape.SideCount < row.Length)
        {
            _tape.GrowSide(_tape.SideCount + row.Length);
        }

        var target = _tape.Side.AsSpan(_tape.SideCount);
        var written = Escapes.Unescape(new ReadOnlySpan<byte>(_begin + row.Start, row.Length), target);
        (row.Start, row.Length, row.Hash) = (_tape.SideCount, written, NameHash.Compute(target[..written]));
        row.Flags |= RowFlags.Side;
        _tape.SideCount += written;
    }

    private JsonProblem? CheckNames(int members)
    {
        _openNames -= members;
        var names = _tape.OpenNames.AsSpan(_openNames, members);
        var second = DuplicateNames.Find(_tape.OpenHashes.AsSpan(_openNames, members), names, _tape, Document);
        if (second < 0)
        {
            return null;
        }

        // The row of a name with escapes points into the side buffer; the value behind it is the nearest known place.
        var row = _rows[names[second]];
        var place = (row.Flags & RowFlags.Side) == 0 ? row.Start - 1 : _rows[names[second] + 1].Start;
        return Problem(JsonProblemKind.DuplicateName, _begin + place, "An object has the same member name twice.");
    }

    private JsonProblem? ReadString(JsonKind kind)
    {
        ref var row = ref NextRow();
        var start = ++_position;
        var flags = RowFlags.None;
        JsonProblemKind? failed = null;
        _position = StringScanner.Scan(start, _end, ref flags, ref failed);
        if (failed is { } reason)
        {
            return reason == JsonProblemKind.LoneSurrogate
                ? Problem(reason, _position, "A surrogate escape stands alone.")
                : Malformed(_position == _end ? "A string is not closed."
                    : *_position == '\\' ? "An escape is not one of JSON's." : "A control character stands unescaped in a string.");
        }

        row = new Row { Start = (int)(start - _begin), Kind = kind, Flags = flags, Length = (int)(_position - start) };
        _position++;
        return null;
    }

    private JsonProblem? ReadNumber()
    {
        ref var row = ref NextRow();
        row = new Row { Start = (int)(_position - _begin), Kind = JsonKind.Number };
        var after = NumberScanner.Scan(_position, _end, ref row, out var failedAt, out var kind);
        if (after == null)
        {
            return Problem(kind, failedAt, kind == JsonProblemKind.ExponentTooLarge
                ? "A number's exponent has more than 18 digits." : "A number is not written as JSON writes numbers.");
        }

        _position = after;
        return null;
    }

    private JsonProblem? ReadLiteral()
    {
        var rest = new ReadOnlySpan<byte>(_position, (int)Math.Min(_end - _position, 5));
        var (kind, length) = rest switch
        {
            _ when rest.StartsWith("true"u8) => (JsonKind.True, 4),
            _ when rest.StartsWith("null"u8) => (JsonKind.Null, 4),
            _ when rest.StartsWith("false"u8) => (JsonKind.False, 5),
            _ => (JsonKind.Null, 0),
        };
        if (length == 0)
        {
            return Malformed("Expected a JSON value.");
        }

        NextRow() = new Row { Start = (int)(_position - _begin), Kind = kind, Length = length };
        _position += length;
        return null;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref Row NextRow()
    {
        if (_count == _rows.Length)
        {
            _tape.Count = _count;
            _rows = _tape.GrowRows(_count + 1);
        }

        return ref _rows[_count++];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void SkipWhitespace()
    {
        while (_position < _end && *_position <= ' ' && *_position is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
        {
            _position++;
        }
    }

    private readonly ReadOnlySpan<byte> Document => new(_begin, (int)(_end - _begin));

    private readonly JsonProblem Malformed(string message) => Problem(JsonProblemKind.Malformed, _position, message);

    private readonly JsonProblem Problem(JsonProblemKind kind, byte* place, string message) => new(kind, place - _begin, message);

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
