using System.Buffers;
using System.Numerics;

namespace Gateway.JsonSchema.Tape;

/// <summary>Finds a member name that one object has twice, from the hashes the tape holds anyway.</summary>
internal static class DuplicateNames
{
    // Up to here comparing each hash with all before it is faster than a table (vectorised by the runtime).
    private const int PairwiseLimit = 48;

    /// <summary>The position in <paramref name="names"/> of the second occurrence, or -1.</summary>
    public static int Find(ReadOnlySpan<uint> hashes, ReadOnlySpan<int> names, JsonTape tape, ReadOnlySpan<byte> bytes) =>
        hashes.Length <= PairwiseLimit ? FindPairwise(hashes, names, tape, bytes) : FindByTable(hashes, names, tape, bytes);

    private static int FindPairwise(ReadOnlySpan<uint> hashes, ReadOnlySpan<int> names, JsonTape tape, ReadOnlySpan<byte> bytes)
    {
        ulong seen = 0;
        for (var i = 0; i < hashes.Length; i++)
        {
            var bit = 1UL << (int)(hashes[i] & 63);
            if ((seen & bit) != 0 && IsRepeated(i, hashes, names, tape, bytes))
            {
                return i;
            }

            seen |= bit;
        }

        return -1;
    }

    private static bool IsRepeated(int i, ReadOnlySpan<uint> hashes, ReadOnlySpan<int> names, JsonTape tape, ReadOnlySpan<byte> bytes)
    {
        var from = 0;
        while (from < i)
        {
            var found = hashes[from..i].IndexOf(hashes[i]);
            if (found < 0)
            {
                return false;
            }

            from += found;
            if (SameName(names[from], names[i], tape, bytes))
            {
                return true;
            }

            from++;
        }

        return false;
    }

    private static int FindByTable(ReadOnlySpan<uint> hashes, ReadOnlySpan<int> names, JsonTape tape, ReadOnlySpan<byte> bytes)
    {
        var size = (int)BitOperations.RoundUpToPowerOf2((uint)hashes.Length * 2);
        var table = ArrayPool<int>.Shared.Rent(size);
        Array.Clear(table, 0, size);
        try
        {
            for (var i = 0; i < hashes.Length; i++)
            {
                var slot = (int)(hashes[i] & (uint)(size - 1));
                while (table[slot] != 0)
                {
                    var other = table[slot] - 1;
                    if (hashes[other] == hashes[i] && SameName(names[other], names[i], tape, bytes))
                    {
                        return i;
                    }

                    slot = (slot + 1) & (size - 1);
                }

                table[slot] = i + 1;
            }

            return -1;
        }
        finally
        {
            ArrayPool<int>.Shared.Return(table);
        }
    }

    private static bool SameName(int a, int b, JsonTape tape, ReadOnlySpan<byte> bytes) =>
        NameOf(tape.Rows[a], tape, bytes).SequenceEqual(NameOf(tape.Rows[b], tape, bytes));

    private static ReadOnlySpan<byte> NameOf(in Row name, JsonTape tape, ReadOnlySpan<byte> bytes) =>
        ((name.Flags & RowFlags.Side) != 0 ? tape.Side.AsSpan() : bytes).Slice(name.Start, name.Length);
}
