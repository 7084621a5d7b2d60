using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Gateway.JsonSchema.Tape;

/// <summary>Finds a member name that one object has twice, from the hashes the tape holds anyway.</summary>
internal static class DuplicateNames
{
    private const int FilterWords = 16;

    // Up to here a filter of 1,024 bits sends few names to the search.
    private const int FilterLimit = 128;

    /// <summary>The name row of the second occurrence, or -1.</summary>
    public static int Find(ReadOnlySpan<uint> hashes, in JsonView view, int objectRow)
    {
        return hashes.Length > FilterLimit ? FindByTable(hashes, view, objectRow) : FindByFilter(hashes, view, objectRow);
    }

    /// <summary>Whether a small object passes at once: nearly all do.</summary>
    /// <param name="hashes">The hashes of its names; sixteen may be read.</param>
    /// <param name="count">How many there are.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe bool AreSurelyDistinct(uint* hashes, int count) => count <= Vector256<uint>.Count
        ? !HasPair(Load(hashes, count, Fillers))
        : count <= 2 * Vector256<uint>.Count && AreSurelyDistinct(Vector256.Load(hashes), Load(hashes + Vector256<uint>.Count, count - Vector256<uint>.Count, Fillers));

    // What stands behind the last name is made different from one another; from the names it is, but for one time in millions.
    private static Vector256<uint> Fillers => Vector256.Create(1u, 2, 3, 4, 5, 6, 7, 8);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe Vector256<uint> Load(uint* hashes, int count, Vector256<uint> fillers) =>
        Vector256.ConditionalSelect(Vector256.GreaterThan(Vector256.Create((uint)count), fillers - Vector256<uint>.One), Vector256.Load(hashes), fillers);

    // Turned by one to four places, every one of eight meets every other.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool HasPair(Vector256<uint> hashes) =>
        (Vector256.Equals(hashes, Vector256.Shuffle(hashes, Vector256.Create(1u, 2, 3, 4, 5, 6, 7, 0)))
        | Vector256.Equals(hashes, Vector256.Shuffle(hashes, Vector256.Create(2u, 3, 4, 5, 6, 7, 0, 1)))
        | Vector256.Equals(hashes, Vector256.Shuffle(hashes, Vector256.Create(3u, 4, 5, 6, 7, 0, 1, 2)))
        | Vector256.Equals(hashes, Vector256.Shuffle(hashes, Vector256.Create(4u, 5, 6, 7, 0, 1, 2, 3)))) != Vector256<uint>.Zero;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool AreSurelyDistinct(Vector256<uint> first, Vector256<uint> second)
    {
        var turned = second;
        var equal = Vector256<uint>.Zero;
        for (var turn = 0; turn < Vector256<uint>.Count; turn++)
        {
            equal |= Vector256.Equals(first, turned);
            turned = Vector256.Shuffle(turned, Vector256.Create(1u, 2, 3, 4, 5, 6, 7, 0));
        }

        return equal == Vector256<uint>.Zero && !HasPair(first) && !HasPair(second);
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
