using System.Buffers;
using System.Numerics;
using Gateway.JsonSchema.Tape;

namespace Gateway.JsonSchema.Evaluator;

/// <summary><c>uniqueItems</c>: pairwise while that is cheap, by a seeded hash beyond; linear in the size of the array.</summary>
internal static class UniqueItems
{
    private const int PairwiseLimit = 8;

    /// <summary>The index of the first item that equals an earlier one, or -1.</summary>
    public static int FindRepeated(in JsonView view, int arrayRow, ref long steps)
    {
        var count = view.Rows[arrayRow].Length;
        return count < 2 ? -1
            : count <= PairwiseLimit ? FindPairwise(view, arrayRow, ref steps)
            : FindByHash(view, arrayRow, count, ref steps);
    }

    private static int FindPairwise(in JsonView view, int arrayRow, ref long steps)
    {
        var index = 1;
        for (var item = view.After(arrayRow + 1); item < view.Rows[arrayRow].Next; item = view.After(item), index++)
        {
            for (var earlier = arrayRow + 1; earlier < item; earlier = view.After(earlier))
            {
                if (JsonEquality.Equal(view, earlier, view, item, ref steps))
                {
                    return index;
                }
            }
        }

        return -1;
    }

    private static int FindByHash(in JsonView view, int arrayRow, int count, ref long steps)
    {
        var size = (int)BitOperations.RoundUpToPowerOf2((uint)count * 2);
        var table = ArrayPool<(uint Hash, int Row)>.Shared.Rent(size);
        Array.Clear(table, 0, size);
        try
        {
            var index = 0;
            for (var item = arrayRow + 1; item < view.Rows[arrayRow].Next && steps >= 0; item = view.After(item), index++)
            {
                var hash = JsonHash.Compute(view, item, ref steps);
                var slot = (int)(hash & (uint)(size - 1));
                for (; table[slot].Row != 0; slot = (slot + 1) & (size - 1))
                {
                    if (table[slot].Hash == hash && JsonEquality.Equal(view, table[slot].Row, view, item, ref steps))
                    {
                        return index;
                    }
                }

                table[slot] = (hash, item);
            }

            return -1;
        }
        finally
        {
            ArrayPool<(uint Hash, int Row)>.Shared.Return(table);
        }
    }
}
