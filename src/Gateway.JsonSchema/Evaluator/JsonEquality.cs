using System.Buffers;
using Gateway.JsonSchema.Numbers;
using Gateway.JsonSchema.Tape;

namespace Gateway.JsonSchema.Evaluator;

/// <summary>
/// JSON Schema's equality (2020-12 core, section 4.2.2): numbers by value, strings by code points, objects without regard to order,
/// and no two types ever equal. Every visited value costs a step; with none left the answer is <see langword="false"/>.
/// </summary>
internal static class JsonEquality
{
    // Above this, looking a member up by walking the other object would be quadratic.
    private const int SmallObject = 16;

    public static bool Equal(in JsonView a, int rowA, in JsonView b, int rowB, ref long steps)
    {
        if (--steps < 0)
        {
            return false;
        }

        var kind = KindOf(a, rowA);
        steps -= a.WorkOfText(rowA);
        if (kind != KindOf(b, rowB))
        {
            return false;
        }

        return kind switch
        {
            JsonKind.String => StringsEqual(a, rowA, b, rowB),
            JsonKind.Number => NumbersEqual(a, rowA, b, rowB),
            JsonKind.Array => ArraysEqual(a, rowA, b, rowB, ref steps),
            JsonKind.Object => ObjectsEqual(a, rowA, b, rowB, ref steps),
            _ => true,
        };
    }

    private static JsonKind KindOf(in JsonView view, int row) =>
        view.Rows[row].Kind == JsonKind.Name ? JsonKind.String : view.Rows[row].Kind;

    private static bool StringsEqual(in JsonView a, int rowA, in JsonView b, int rowB)
    {
        if (!a.IsEscaped(rowA) && !b.IsEscaped(rowB))
        {
            return a.Raw(rowA).SequenceEqual(b.Raw(rowB));
        }

        using var left = new UnescapedText(a, rowA);
        using var right = new UnescapedText(b, rowB);
        return left.Span.SequenceEqual(right.Span);
    }

    private static bool NumbersEqual(in JsonView a, int rowA, in JsonView b, int rowB)
    {
        ref readonly var left = ref a.Rows[rowA];
        ref readonly var right = ref b.Rows[rowB];
        if ((left.Flags & right.Flags & RowFlags.Compact) != 0 && left.Scale == right.Scale)
        {
            return left.Mantissa == right.Mantissa;
        }

        return ExactNumber.Read(a.NumberText(rowA)).CompareTo(ExactNumber.Read(b.NumberText(rowB))) == 0;
    }

    private static bool ArraysEqual(in JsonView a, int rowA, in JsonView b, int rowB, ref long steps)
    {
        if (a.Rows[rowA].Length != b.Rows[rowB].Length)
        {
            return false;
        }

        var end = a.Rows[rowA].Next;
        for (int i = rowA + 1, j = rowB + 1; i < end; i = a.After(i), j = b.After(j))
        {
            if (!Equal(a, i, b, j, ref steps))
            {
                return false;
            }
        }

        return true;
    }

    private static bool ObjectsEqual(in JsonView a, int rowA, in JsonView b, int rowB, ref long steps)
    {
        var members = a.Rows[rowA].Length;
        if (members != b.Rows[rowB].Length)
        {
            return false;
        }

        if (members > SmallObject)
        {
            return LargeObjectsEqual(a, rowA, b, rowB, ref steps);
        }

        var end = a.Rows[rowA].Next;
        for (var i = rowA + 1; i < end; i = a.After(i + 1))
        {
            var value = b.Find(rowB, a.Name(i), a.Rows[i].Hash);
            if (value < 0 || !Equal(a, i + 1, b, value, ref steps))
            {
                return false;
            }
        }

        return true;
    }

    private static bool LargeObjectsEqual(in JsonView a, int rowA, in JsonView b, int rowB, ref long steps)
    {
        using var namesA = new SortedNames(a, rowA);
        using var namesB = new SortedNames(b, rowB);
        steps -= namesA.Count;
        for (var i = 0; i < namesA.Count; i++)
        {
            if (!MatchMember(a, namesA.Row(i), b, namesB, ref steps))
            {
                return false;
            }
        }

        return true;
    }

    private static bool MatchMember(in JsonView a, int nameA, in JsonView b, in SortedNames namesB, ref long steps)
    {
        var hash = a.Rows[nameA].Hash;
        for (var i = namesB.First(hash); i < namesB.Count && b.Rows[namesB.Row(i)].Hash == hash; i++)
        {
            if (b.Name(namesB.Row(i)).SequenceEqual(a.Name(nameA)))
            {
                return Equal(a, nameA + 1, b, namesB.Row(i) + 1, ref steps);
            }
        }

        return false;
    }

    /// <summary>The text of a string without escapes, in a pooled buffer where one is needed.</summary>
    private readonly ref struct UnescapedText
    {
        private readonly byte[]? _rented;

        public UnescapedText(in JsonView view, int row)
        {
            var raw = view.Raw(row);
            if (!view.IsEscaped(row))
            {
                Span = raw;
                return;
            }

            _rented = ArrayPool<byte>.Shared.Rent(raw.Length);
            Span = _rented.AsSpan(0, Escapes.Unescape(raw, _rented));
        }

        public ReadOnlySpan<byte> Span { get; }

        public void Dispose()
        {
            if (_rented is not null)
            {
                ArrayPool<byte>.Shared.Return(_rented);
            }
        }
    }

    /// <summary>The name rows of an object in the order of their hashes.</summary>
    private readonly ref struct SortedNames
    {
        private readonly uint[] _hashes;
        private readonly int[] _rows;

        public SortedNames(in JsonView view, int row)
        {
            Count = view.Rows[row].Length;
            _hashes = ArrayPool<uint>.Shared.Rent(Count);
            _rows = ArrayPool<int>.Shared.Rent(Count);
            var i = 0;
            for (var name = row + 1; i < Count; name = view.After(name + 1), i++)
            {
                (_hashes[i], _rows[i]) = (view.Rows[name].Hash, name);
            }

            Array.Sort(_hashes, _rows, 0, Count);
        }

        public int Count { get; }

        public int Row(int index) => _rows[index];

        public int First(uint hash)
        {
            var found = Array.BinarySearch(_hashes, 0, Count, hash);
            while (found > 0 && _hashes[found - 1] == hash)
            {
                found--;
            }

            return found < 0 ? Count : found;
        }

        public void Dispose()
        {
            ArrayPool<uint>.Shared.Return(_hashes);
            ArrayPool<int>.Shared.Return(_rows);
        }
    }
}
