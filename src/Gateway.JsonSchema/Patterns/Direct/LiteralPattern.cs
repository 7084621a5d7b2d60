namespace Gateway.JsonSchema.Patterns.Direct;

/// <summary>Fixed text, found by the runtime's vectorised searches; linear in the value's length.</summary>
internal sealed class LiteralPattern(byte[] literal, bool atStart, bool atEnd) : Pattern
{
    internal override PatternMatch IsMatch(ReadOnlySpan<byte> utf8, ref long budget)
    {
        var found = (atStart, atEnd) switch
        {
            (true, true) => utf8.SequenceEqual(literal),
            (true, false) => utf8.StartsWith(literal),
            (false, true) => utf8.EndsWith(literal),
            _ => utf8.IndexOf(literal) >= 0,
        };
        return found ? PatternMatch.Match : PatternMatch.NoMatch;
    }
}
