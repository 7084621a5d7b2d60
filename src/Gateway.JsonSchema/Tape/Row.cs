using System.Runtime.InteropServices;

namespace Gateway.JsonSchema.Tape;

/// <summary>Kind of a row. The values are bit positions in a node's type mask.</summary>
internal enum JsonKind : byte
{
    Null = 0,
    False = 1,
    True = 2,
    Number = 3,
    String = 4,
    Array = 5,
    Object = 6,
    Name = 7,
}

[Flags]
internal enum RowFlags : byte
{
    None = 0,

    /// <summary>The raw text holds at least one escape.</summary>
    Escaped = 1,

    /// <summary>The raw text holds bytes above 0x7F.</summary>
    NonAscii = 2,

    /// <summary>The number is <see cref="Row.Mantissa"/> / 10^<see cref="Row.Scale"/>, exactly.</summary>
    Compact = 4,

    /// <summary>An unescaped name: <see cref="Row.Start"/> points into the tape's side buffer.</summary>
    Side = 8,
}

/// <summary>
/// One row of the tape: a value or a member name, in document order. Sixteen bytes, so that four rows share a cache line.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
internal struct Row
{
    /// <summary>Position of the first content byte: after the quote of a string, at the bracket of a container.</summary>
    [FieldOffset(0)]
    public int Start;

    [FieldOffset(4)]
    public JsonKind Kind;

    /// <summary><see cref="Kind"/> and, above it, <see cref="Flags"/>, in one look.</summary>
    [FieldOffset(4)]
    public ushort Tag;

    [FieldOffset(5)]
    public RowFlags Flags;

    /// <summary>Digits after the decimal point of a compact number.</summary>
    [FieldOffset(6)]
    public byte Scale;

    /// <summary>Bytes of a string, name or long number as written; items or members of a container.</summary>
    [FieldOffset(8)]
    public int Length;

    /// <summary>Containers: the row after the last one inside. While the container is open: its parent.</summary>
    [FieldOffset(12)]
    public int Next;

    /// <summary>Names: <see cref="NameHash"/> of the unescaped bytes.</summary>
    [FieldOffset(12)]
    public uint Hash;

    /// <summary>Compact numbers: the digits as an integer, with sign.</summary>
    [FieldOffset(8)]
    public long Mantissa;

    /// <summary>The <see cref="Tag"/> of a compact number.</summary>
    public const ushort CompactNumber = (ushort)((int)JsonKind.Number | ((int)RowFlags.Compact << 8));

    /// <summary>The <see cref="Tag"/> of a name without escapes, all ASCII.</summary>
    public const ushort PlainName = (ushort)JsonKind.Name;

    /// <summary>The <see cref="Tag"/> of a string without escapes, all ASCII.</summary>
    public const ushort PlainString = (ushort)JsonKind.String;
}
