namespace Gateway.JsonSchema.Patterns.Direct;

/// <summary>
/// Segments one after the other from the start of the string: linear, no state. A segment of variable length shares no character with
/// what may follow it, so the longest run is the only one that can match.
/// </summary>
internal sealed class SegmentPattern : Pattern
{
    private readonly Segment[] _segments;
    private readonly bool _atEnd;
    private readonly int _minLength;
    private readonly int _maxLength;

    internal SegmentPattern(Segment[] segments, bool atEnd)
    {
        (_segments, _atEnd) = (segments, atEnd);
        _minLength = (int)Math.Min(int.MaxValue, segments.Sum(segment => (long)segment.Min));
        var isBounded = atEnd && Array.TrueForAll(segments, segment => segment.IsAsciiOnly);
        _maxLength = isBounded ? (int)Math.Min(int.MaxValue, segments.Sum(segment => (long)segment.Max)) : int.MaxValue;
    }

    internal override PatternMatch IsMatch(ReadOnlySpan<byte> utf8, ref long budget)
    {
        if (utf8.Length < _minLength || utf8.Length > _maxLength)
        {
            return PatternMatch.NoMatch;
        }

        foreach (var segment in _segments)
        {
            if (!segment.TryRead(ref utf8))
            {
                return PatternMatch.NoMatch;
            }
        }

        return !_atEnd || utf8.IsEmpty ? PatternMatch.Match : PatternMatch.NoMatch;
    }
}
