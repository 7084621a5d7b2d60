using System.Buffers;
using System.Numerics;

namespace Gateway.JsonSchema.Tape;

/// <summary>Finds a member name that one object has twice, from the hashes the tape holds anyway.</summary>
internal static class DuplicateNames
{
    private const int SmallObject = 24;
    private const int FilterWords = 16;

    // Up to here a filter of 1,024 bits sends few names to the search.
    private const int FilterLimit = 128;

    /// <summary>The name row of the second occurrence, or -1.</summary>
    public static int Find(ReadOnlySpan<uint> hashes, in JsonView view, int objectRow)
    {
        return hashes.Length > FilterLimit ? FindByTable(hashes, view, objectRow) : FindByFilter(hashes, view, objectRow);
    }

    /// <summary>Whether the filter lets a small object pass at once: nearly all do.</summary>
    public static bool AreSurelyDistinct(ReadOnlySpan<uint> hashes)
    {
        if (hashes.Length > SmallObject)
        {
            return false;
        }

        Span<ulong> seen = stackalloc ulong[FilterWords];
        foreach (var hash in hashes)
        {
            ref var word = ref seen[(int)(hash >> 6) & (FilterWords - 1)];
            var bit = 1UL << (int)(hash & 63);
            if ((word & bit) != 0)
            {
                return false;
            }

            word |= bit;
        }

        return true;
    }

    private static int FindByFilter(ReadOnlySpan<uint> hashes, in JsonView view, int objectRow)
    {

        Span<ulong> seen = stackalloc ulong[FilterWords];
        for (var i = 0; i < hashes.Length; i++)
        {
            ref var word = ref seen[(int)(hashes[i] >> 6) & (FilterWords - 1)];
            var bit = 1UL << (int)(hashes[i] & 63);
            if ((word & bit) != 0 && IsRepeated(i, hashes, view, objectRow))
            {
                return RowOf(i, view, objectRow);
            }

            word |= bit;
        }

        return -1;
    }

    private static bool IsRepeated(int i, ReadOnlySpan<uint> hashes, in JsonView view, int objectRow)
    {
        for (var from = 0; from < i; from++)
        {
            var found = hashes[from..i].IndexOf(hashes[i]);
            if (found < 0)
            {
                return false;
            }

            from += found;
            if (SameName(from, i, view, objectRow))
            {
                return true;
            }
        }

        return false;
    }

    private static int FindByTable(ReadOnlySpan<uint> hashes, in JsonView view, int objectRow)
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
                    if (hashes[other] == hashes[i] && SameName(other, i, view, objectRow))
                    {
                        return RowOf(i, view, objectRow);
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

    // Equal hashes of different names are as rare as 32 bits make them: walking to the rows is no matter.
    private static bool SameName(int a, int b, in JsonView view, int objectRow) =>
        view.Name(RowOf(a, view, objectRow)).SequenceEqual(view.Name(RowOf(b, view, objectRow)));

    private static int RowOf(int member, in JsonView view, int objectRow)
    {
        var row = objectRow + 1;
        for (; member > 0; member--)
        {
            row = view.After(row + 1);
        }

        return row;
    }
}
