using Gateway.JsonSchema.Patterns.Unicode;

namespace Gateway.JsonSchema.Patterns.Direct;

/// <summary>
/// A fixed number of ASCII characters, each of a set of its own, from the start of the string: one loop. The few different sets are
/// bits, and a character is inside those of its table entry.
/// </summary>
internal sealed class FixedPattern : Pattern
{
    internal const int MaxSets = 8;
    internal const int MaxLength = 256;

    private readonly byte[] _setsOf = new byte[0x100];
    private readonly byte[] _expected;
    private readonly bool _atEnd;

    /// <param name="sets">At most <see cref="MaxSets"/> sets of ASCII characters.</param>
    /// <param name="expected">For each place, the number of its set.</param>
    /// <param name="atEnd">Whether the string must end with the last place.</param>
    internal FixedPattern(IReadOnlyList<CodePointSet> sets, IEnumerable<int> expected, bool atEnd)
    {
        for (var character = 0; character < 0x80; character++)
        {
            for (var set = 0; set < sets.Count; set++)
            {
                _setsOf[character] |= (byte)(sets[set].Contains(character) ? 1 << set : 0);
            }
        }

        (_expected, _atEnd) = ([.. expected.Select(set => (byte)(1 << set))], atEnd);
    }

    internal override PatternMatch IsMatch(ReadOnlySpan<byte> utf8, ref long budget)
    {
        var expected = _expected;
        if (utf8.Length < expected.Length || (_atEnd && utf8.Length > expected.Length))
        {
            return PatternMatch.NoMatch;
        }

        var setsOf = _setsOf;
        utf8 = utf8[..expected.Length];
        for (var i = 0; i < utf8.Length && i < expected.Length; i++)
        {
            if ((setsOf[utf8[i]] & expected[i]) == 0)
            {
                return PatternMatch.NoMatch;
            }
        }

        return PatternMatch.Match;
    }
}
