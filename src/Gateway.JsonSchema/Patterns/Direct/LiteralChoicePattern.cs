namespace Gateway.JsonSchema.Patterns.Direct;

/// <summary>One of a few fixed texts, anchored at the start and perhaps at the end.</summary>
internal sealed class LiteralChoicePattern(byte[][] literals, bool atEnd) : Pattern
{
    internal override PatternMatch IsMatch(ReadOnlySpan<byte> utf8, ref long budget)
    {
        foreach (var literal in literals)
        {
            if (atEnd ? utf8.SequenceEqual(literal) : utf8.StartsWith(literal))
            {
                return PatternMatch.Match;
            }
        }

        return PatternMatch.NoMatch;
    }
}
