namespace Gateway.JsonSchema.Patterns;

/// <summary>Several patterns that must all occur, or must not: what a pattern that begins with look-ahead comes to.</summary>
internal sealed class ConjunctionPattern((Pattern Pattern, PatternMatch Expected)[] conditions) : Pattern
{
    internal override int Scans { get; } = conditions.Sum(condition => condition.Pattern.Scans);

    internal override PatternMatch IsMatch(ReadOnlySpan<byte> utf8, ref long budget)
    {
        foreach (var (pattern, expected) in conditions)
        {
            var match = pattern.IsMatch(utf8, ref budget);
            if (match != expected)
            {
                return match == PatternMatch.Undecided ? match : PatternMatch.NoMatch;
            }
        }

        return PatternMatch.Match;
    }
}
