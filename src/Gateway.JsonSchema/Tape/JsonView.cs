namespace Gateway.JsonSchema.Tape;

/// <summary>A finished tape beside the bytes it was read from.</summary>
internal readonly ref struct JsonView(ReadOnlySpan<byte> bytes, ReadOnlySpan<Row> rows, ReadOnlySpan<byte> side)
{
    public readonly ReadOnlySpan<byte> Bytes = bytes;
    public readonly ReadOnlySpan<Row> Rows = rows;
    public readonly ReadOnlySpan<byte> Side = side;

    /// <summary>The row after a value and all it contains.</summary>
    public int After(int row) => Rows[row].Kind is JsonKind.Array or JsonKind.Object ? Rows[row].Next : row + 1;

    /// <summary>A name, unescaped.</summary>
    public ReadOnlySpan<byte> Name(int row)
    {
        ref readonly var name = ref Rows[row];
        return ((name.Flags & RowFlags.Side) != 0 ? Side : Bytes).Slice(name.Start, name.Length);
    }

    /// <summary>A string as written between its quotes, or a name.</summary>
    public ReadOnlySpan<byte> Raw(int row) =>
        Rows[row].Kind == JsonKind.Name ? Name(row) : Bytes.Slice(Rows[row].Start, Rows[row].Length);

    /// <summary>Whether the text of a string or name still holds escapes.</summary>
    public bool IsEscaped(int row) => (Rows[row].Flags & (RowFlags.Escaped | RowFlags.Side)) == RowFlags.Escaped;

    /// <summary>Steps that comparing or hashing a long string or number costs beyond its visit.</summary>
    public int WorkOfText(int row)
    {
        ref readonly var value = ref Rows[row];
        return value.Kind switch
        {
            JsonKind.Number => value.Tag == Row.CompactNumber ? 0 : value.Length >> 1,
            JsonKind.String or JsonKind.Name => IsEscaped(row) ? value.Length >> 1 : value.Length >> 6,
            _ => 0,
        };
    }

    /// <summary>The text of a number, and whatever follows it: a number ends at the first byte that cannot belong to one.</summary>
    public ReadOnlySpan<byte> NumberText(int row) => Bytes[Rows[row].Start..];

    /// <summary>The value of a member, or -1. Linear in the members.</summary>
    public int Find(int objectRow, ReadOnlySpan<byte> name, uint hash)
    {
        var end = Rows[objectRow].Next;
        for (var row = objectRow + 1; row < end; row = After(row + 1))
        {
            if (Rows[row].Hash == hash && Name(row).SequenceEqual(name))
            {
                return row + 1;
            }
        }

        return -1;
    }
}
