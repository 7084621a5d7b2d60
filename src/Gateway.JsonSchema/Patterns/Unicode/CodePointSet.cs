namespace Gateway.JsonSchema.Patterns.Unicode;

/// <summary>
/// An immutable set of code points, kept as the sorted list of places where membership changes: a code point is inside when an odd
/// number of boundaries is at or below it.
/// </summary>
internal sealed class CodePointSet : IEquatable<CodePointSet>
{
    /// <summary>One beyond the last code point.</summary>
    internal const int Limit = 0x110000;

    private readonly int[] _boundaries;
    private CodePointSet? _complement;

    internal CodePointSet(int[] boundaries) => _boundaries = boundaries;

    internal static CodePointSet Empty { get; } = new([]);

    internal static CodePointSet Everything { get; } = new([0, Limit]);

    internal ReadOnlySpan<int> Boundaries => _boundaries;

    internal bool IsEmpty => _boundaries.Length == 0;

    /// <summary>The code points that are not inside.</summary>
    internal CodePointSet Complement => _complement ??= Invert();

    /// <summary>How many code points are inside.</summary>
    internal int Count
    {
        get
        {
            var count = 0;
            for (var i = 0; i < _boundaries.Length; i += 2)
            {
                count += _boundaries[i + 1] - _boundaries[i];
            }

            return count;
        }
    }

    internal static CodePointSet Of(int codePoint) => new([codePoint, codePoint + 1]);

    /// <summary>The set of code points in any of the ranges, whose last code points are inside; they may overlap and be in any order.</summary>
    internal static CodePointSet FromRanges(List<(int First, int Last)> ranges)
    {
        ranges.Sort();
        var boundaries = new List<int>(ranges.Count * 2);
        foreach (var (first, last) in ranges)
        {
            if (boundaries.Count > 0 && first <= boundaries[^1])
            {
                boundaries[^1] = Math.Max(boundaries[^1], last + 1);
                continue;
            }

            boundaries.Add(first);
            boundaries.Add(last + 1);
        }

        return new CodePointSet([.. boundaries]);
    }

    /// <summary>The code points of both sets; linear in the number of their ranges.</summary>
    internal CodePointSet Union(CodePointSet other)
    {
        var boundaries = new List<int>(_boundaries.Length + other._boundaries.Length);
        var (mine, theirs, wasInside) = (0, 0, false);
        while (mine < _boundaries.Length || theirs < other._boundaries.Length)
        {
            var place = Math.Min(
                mine < _boundaries.Length ? _boundaries[mine] : Limit, theirs < other._boundaries.Length ? other._boundaries[theirs] : Limit);
            mine += mine < _boundaries.Length && _boundaries[mine] == place ? 1 : 0;
            theirs += theirs < other._boundaries.Length && other._boundaries[theirs] == place ? 1 : 0;
            var isInside = ((mine | theirs) & 1) != 0;
            if (isInside != wasInside)
            {
                boundaries.Add(place);
                wasInside = isInside;
            }
        }

        return new CodePointSet([.. boundaries]);
    }

    internal void AddTo(List<(int First, int Last)> ranges)
    {
        for (var i = 0; i < _boundaries.Length; i += 2)
        {
            ranges.Add((_boundaries[i], _boundaries[i + 1] - 1));
        }
    }

    /// <summary>Whether the code point is inside; takes a time in the logarithm of the number of ranges.</summary>
    internal bool Contains(int codePoint)
    {
        var at = Array.BinarySearch(_boundaries, codePoint);
        return ((at >= 0 ? at + 1 : ~at) & 1) == 1;
    }

    internal bool Overlaps(CodePointSet other)
    {
        var (mine, theirs) = (0, 0);
        while (mine < _boundaries.Length && theirs < other._boundaries.Length)
        {
            if (_boundaries[mine + 1] <= other._boundaries[theirs])
            {
                mine += 2;
            }
            else if (other._boundaries[theirs + 1] <= _boundaries[mine])
            {
                theirs += 2;
            }
            else
            {
                return true;
            }
        }

        return false;
    }

    public bool Equals(CodePointSet? other) => other is not null && _boundaries.AsSpan().SequenceEqual(other._boundaries);

    public override bool Equals(object? obj) => Equals(obj as CodePointSet);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var boundary in _boundaries)
        {
            hash.Add(boundary);
        }

        return hash.ToHashCode();
    }

    private CodePointSet Invert()
    {
        var inner = _boundaries.AsSpan();
        var startsInside = inner is [0, ..];
        var endsInside = inner is [.., Limit];
        inner = startsInside ? inner[1..] : inner;
        inner = endsInside ? inner[..^1] : inner;
        return new CodePointSet([.. startsInside ? [] : (ReadOnlySpan<int>)[0], .. inner, .. endsInside ? [] : (ReadOnlySpan<int>)[Limit]]);
    }
}
