using System.Text;

namespace Gateway.JsonSchema.Patterns.Unicode;

/// <summary>
/// Named code point sets from a resource that one of the <c>tables/generate.mjs</c> scripts wrote. The names are read once;
/// a set is unpacked when it is first asked for.
/// </summary>
internal sealed class CodePointTables
{
    private readonly byte[] _data;
    private readonly Dictionary<string, Table> _tables = new(StringComparer.Ordinal);

    private CodePointTables(byte[] data)
    {
        _data = data;
        for (var at = 0; at < data.Length;)
        {
            at = ReadTable(at);
        }
    }

    internal static CodePointTables Load(string resource)
    {
        using var stream = typeof(CodePointTables).Assembly.GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"The resource {resource} is missing from the assembly.");
        var data = new byte[stream.Length];
        stream.ReadExactly(data);
        return new CodePointTables(data);
    }

    internal CodePointSet? Find(string name) => _tables.TryGetValue(name, out var table) ? table.Set ??= Unpack(table) : null;

    internal CodePointSet Get(string name) => Find(name) ?? throw new KeyNotFoundException($"There is no code point table '{name}'.");

    /// <summary>The first of a table's names, given any of them.</summary>
    internal string KeyOf(string name) => _tables[name].Key;

    private int ReadTable(int at)
    {
        var nameLength = ReadNumber(ref at);
        var names = Encoding.ASCII.GetString(_data, at, nameLength).Split('|');
        at += nameLength;
        var table = new Table { Key = names[0], Boundaries = ReadNumber(ref at) };
        var length = ReadNumber(ref at);
        table.Start = at;
        var kind = names[0][..(names[0].IndexOf('=', StringComparison.Ordinal) + 1)];
        foreach (var name in names)
        {
            _tables[name.StartsWith(kind, StringComparison.Ordinal) ? name : kind + name] = table;
        }

        return at + length;
    }

    private CodePointSet Unpack(Table table)
    {
        var boundaries = new int[table.Boundaries];
        var (at, last) = (table.Start, 0);
        for (var i = 0; i < boundaries.Length; i++)
        {
            boundaries[i] = last += ReadNumber(ref at);
        }

        return new CodePointSet(boundaries);
    }

    private int ReadNumber(ref int at)
    {
        for (var (value, shift) = (0, 0); ; shift += 7)
        {
            var next = _data[at++];
            value |= (next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }

    private sealed class Table
    {
        internal required string Key { get; init; }

        internal int Start { get; set; }

        internal int Boundaries { get; init; }

        // Two threads may unpack the same table at once; they come to equal sets.
        internal CodePointSet? Set { get; set; }
    }
}
