using Gateway.JsonSchema.Patterns.Unicode;

namespace Gateway.JsonSchema.Patterns.Linear;

/// <summary>
/// The code points divided into classes that no set of one pattern tells apart, so that an automaton needs one column per class
/// instead of one per code point.
/// </summary>
internal sealed class CharacterClasses
{
    private readonly ushort[] _ascii = new ushort[128];
    private readonly int[] _starts;
    private readonly ushort[] _classes;
    private readonly bool _beyondAsciiIsUniform;

    private CharacterClasses(int[] starts, ushort[] classes, int count)
    {
        (_starts, _classes, Count) = (starts, classes, count);
        for (var codePoint = 0; codePoint < _ascii.Length; codePoint++)
        {
            _ascii[codePoint] = Search(codePoint);
        }

        var firstBeyond = classes.AsSpan(IntervalOf(0x80));
        _beyondAsciiIsUniform = !firstBeyond.ContainsAnyExcept(firstBeyond[0]);
    }

    /// <summary>How many classes there are.</summary>
    internal int Count { get; }

    /// <summary>Divides the code points by the sets; takes a time in the order of all their boundaries.</summary>
    internal static CharacterClasses Divide(IReadOnlyCollection<CodePointSet> sets)
    {
        var all = new HashSet<int> { 0 };
        foreach (var set in sets)
        {
            foreach (var boundary in set.Boundaries)
            {
                all.Add(boundary);
            }
        }

        all.Remove(CodePointSet.Limit);
        int[] starts = [.. all];
        Array.Sort(starts);
        var classes = new int[starts.Length];
        var next = 1;
        foreach (var set in sets)
        {
            var moved = new Dictionary<int, int>();
            foreach (var interval in IntervalsOf(set, starts))
            {
                if (!moved.TryGetValue(classes[interval], out var target))
                {
                    moved.Add(classes[interval], target = next++);
                }

                classes[interval] = target;
            }
        }

        return Renumber(starts, classes);
    }

    /// <summary>The class of each ASCII character, for those who read bytes themselves.</summary>
    internal ushort[] Ascii => _ascii;

    /// <summary>Reads one code point of valid UTF-8 and steps over it.</summary>
    internal int ReadForward(ReadOnlySpan<byte> utf8, ref int at)
    {
        int first = utf8[at];
        if (first < 0x80)
        {
            at++;
            return _ascii[first];
        }

        if (_beyondAsciiIsUniform)
        {
            at += Utf8.LengthFrom(first);
            return _classes[^1];
        }

        return Search(Utf8.ReadForward(utf8, ref at));
    }

    /// <summary>Reads the code point that ends before <paramref name="at"/> and steps back over it.</summary>
    internal int ReadBackward(ReadOnlySpan<byte> utf8, ref int at)
    {
        var codePoint = Utf8.ReadBackward(utf8, ref at);
        return codePoint < 0x80 ? _ascii[codePoint] : Search(codePoint);
    }

    /// <summary>The classes inside a set that took part in the division, as bits.</summary>
    internal ulong[] Within(CodePointSet set)
    {
        var bits = new ulong[(Count + 63) / 64];
        foreach (var interval in IntervalsOf(set, _starts))
        {
            bits[_classes[interval] >> 6] |= 1UL << _classes[interval];
        }

        return bits;
    }

    private static CharacterClasses Renumber(int[] starts, int[] classes)
    {
        var numbers = new Dictionary<int, ushort>();
        var renumbered = new ushort[classes.Length];
        for (var i = 0; i < classes.Length; i++)
        {
            if (!numbers.TryGetValue(classes[i], out renumbered[i]))
            {
                numbers.Add(classes[i], renumbered[i] = (ushort)numbers.Count);
            }
        }

        return new CharacterClasses(starts, renumbered, numbers.Count);
    }

    private static IEnumerable<int> IntervalsOf(CodePointSet set, int[] starts)
    {
        for (var range = 0; range < set.Boundaries.Length; range += 2)
        {
            var last = set.Boundaries[range + 1];
            for (var i = Array.BinarySearch(starts, set.Boundaries[range]); i < starts.Length && starts[i] < last; i++)
            {
                yield return i;
            }
        }
    }

    private ushort Search(int codePoint) => _classes[IntervalOf(codePoint)];

    private int IntervalOf(int codePoint)
    {
        var at = Array.BinarySearch(_starts, codePoint);
        return at >= 0 ? at : ~at - 1;
    }
}
