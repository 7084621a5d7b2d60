using Gateway.JsonSchema.Patterns.Unicode;

namespace Gateway.JsonSchema.Patterns.Direct;

/// <summary>At least so many characters of a set side by side, anywhere.</summary>
internal sealed class RunPattern(Segment run) : Pattern
{
    internal override PatternMatch IsMatch(ReadOnlySpan<byte> utf8, ref long budget)
    {
        while (!utf8.IsEmpty)
        {
            var length = run.LengthOfRun(utf8);
            if (length >= run.Min && Utf8.Count(utf8[..length]) >= run.Min)
            {
                return PatternMatch.Match;
            }

            utf8 = utf8[length..];
            utf8 = utf8.IsEmpty ? utf8 : utf8[Utf8.LengthFrom(utf8[0])..];
        }

        return PatternMatch.NoMatch;
    }
}
