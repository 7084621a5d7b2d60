namespace Gateway.JsonSchema.Patterns.Direct;

/// <summary>A pattern that an empty match satisfies anywhere, such as <c>.*</c> without an end.</summary>
internal sealed class AnyTextPattern : Pattern
{
    internal override PatternMatch IsMatch(ReadOnlySpan<byte> utf8, ref long budget) => PatternMatch.Match;
}
