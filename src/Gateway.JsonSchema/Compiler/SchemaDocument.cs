using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Gateway.JsonSchema.Output;
using Gateway.JsonSchema.Tape;

namespace Gateway.JsonSchema.Compiler;

/// <summary>A schema document that was read once and is kept: its bytes and its tape.</summary>
internal sealed class SchemaDocument
{
    private const int FewChildren = 16;

    private static readonly SearchValues<byte> AfterScalar = SearchValues.Create(",]} \t\r\n"u8);

    private readonly ConcurrentDictionary<int, Dictionary<string, int>> _members = [];
    private readonly byte[] _bytes;
    private readonly Row[] _rows;
    private readonly byte[] _side;

    private SchemaDocument(byte[] bytes, Row[] rows, byte[] side)
    {
        (_bytes, _rows, _side) = (bytes, rows, side);
    }

    public JsonView View => new(_bytes, _rows, _side);

    public int RowCount => _rows.Length;

    /// <summary>Copies and reads a document; <see langword="null"/> with the problem when it is not JSON.</summary>
    public static SchemaDocument? Read(ReadOnlySpan<byte> utf8, JsonLimits limits, out JsonProblem? problem)
    {
        using var scratch = Scratch.Rent();
        var tape = scratch.Tape;
        problem = TapeBuilder.Build(utf8, tape, limits);
        return problem is not null
            ? null
            : new SchemaDocument(
                utf8.ToArray(), tape.Rows.AsSpan(0, tape.Count).ToArray(), tape.Side.AsSpan(0, tape.SideCount).ToArray());
    }

    public JsonKind Kind(int row) => _rows[row].Kind;

    public int Length(int row) => _rows[row].Length;

    public bool IsTrue(int row) => row > 0 && _rows[row].Kind == JsonKind.True;

    public int After(int row) => View.After(row);

    /// <summary>Rows of the items of an array or of the names of an object.</summary>
    public ChildRows Children(int row) => new(this, row);

    public byte[] Utf8(int row)
    {
        var raw = View.Raw(row);
        if (!View.IsEscaped(row))
        {
            return raw.ToArray();
        }

        var text = new byte[raw.Length];
        return text[..Escapes.Unescape(raw, text)];
    }

    public string Text(int row) => Encoding.UTF8.GetString(Utf8(row));

    /// <summary>The whole value as written.</summary>
    public Range Extent(int row)
    {
        var start = _rows[row].Start;
        if (_rows[row].Kind == JsonKind.String)
        {
            return (start - 1)..(start + _rows[row].Length + 1);
        }

        if (_rows[row].Kind is not (JsonKind.Array or JsonKind.Object))
        {
            var length = _bytes.AsSpan(start).IndexOfAny(AfterScalar);
            return start..(length < 0 ? _bytes.Length : start + length);
        }

        // The closing bracket: the first one after all that is inside.
        var last = LastInside(row);
        var from = last < 0 ? start + 1 : Extent(last).End.Value;
        return start..(from + _bytes.AsSpan(from).IndexOfAny((byte)']', (byte)'}') + 1);
    }

    private int LastInside(int container)
    {
        var last = -1;
        foreach (var child in Children(container))
        {
            last = _rows[container].Kind == JsonKind.Object ? child + 1 : child;
        }

        return last;
    }

    /// <summary>The row a JSON Pointer names, below <paramref name="from"/>, or -1.</summary>
    public int Resolve(int from, string pointer)
    {
        var row = from;
        foreach (var token in pointer.Split('/').Skip(1))
        {
            row = Step(row, token.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal));
            if (row < 0)
            {
                return -1;
            }
        }

        return row;
    }

    /// <summary>The JSON Pointer from one row down to another.</summary>
    public string PointerTo(int row, int from = 0)
    {
        var pointer = new StringBuilder();
        for (var current = from; current != row;)
        {
            current = StepTowards(current, row, pointer);
        }

        return pointer.ToString();
    }

    private int StepTowards(int container, int target, StringBuilder pointer)
    {
        var isObject = Kind(container) == JsonKind.Object;
        var index = 0;
        foreach (var child in Children(container))
        {
            var value = isObject ? child + 1 : child;
            if (target < After(value))
            {
                pointer.Append('/');
                pointer.Append(isObject ? JsonPointer.Escape(Text(child)) : index.ToString(CultureInfo.InvariantCulture));
                return value;
            }

            index++;
        }

        throw new InvalidOperationException("The row is not below the other.");
    }

    private int Step(int row, string token)
    {
        if (Kind(row) == JsonKind.Object)
        {
            return Length(row) > FewChildren ? MembersOf(row).GetValueOrDefault(token, -1) : FindMember(row, token);
        }

        var isIndex = Kind(row) == JsonKind.Array && token.Length > 0 && (token.Length == 1 || token[0] != '0');
        return isIndex && int.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out _)
            ? MembersOf(row).GetValueOrDefault(token, -1)
            : -1;
    }

    private int FindMember(int row, string token)
    {
        var name = Encoding.UTF8.GetBytes(token);
        return View.Find(row, name, NameHash.Compute(name));
    }

    // Pointers into one large container come by the thousand; walking it for each would be quadratic.
    private Dictionary<string, int> MembersOf(int row) => _members.GetOrAdd(row, container =>
    {
        var isObject = Kind(container) == JsonKind.Object;
        var members = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var child in Children(container))
        {
            members.Add(
                isObject ? Encoding.UTF8.GetString(View.Name(child)) : members.Count.ToString(CultureInfo.InvariantCulture),
                isObject ? child + 1 : child);
        }

        return members;
    });

    /// <summary>Enumerates the direct children of a container.</summary>
    internal struct ChildRows(SchemaDocument document, int container)
    {
        private readonly int _end = document._rows[container].Kind is JsonKind.Array or JsonKind.Object ? document._rows[container].Next : 0;
        private readonly bool _named = document._rows[container].Kind == JsonKind.Object;
        private int _next = container + 1;

        public int Current { get; private set; }

        public readonly ChildRows GetEnumerator() => this;

        public bool MoveNext()
        {
            if (_next >= _end)
            {
                return false;
            }

            Current = _next;
            _next = document.After(_named ? _next + 1 : _next);
            return true;
        }
    }
}
