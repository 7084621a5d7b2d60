using System.Buffers;

namespace Gateway.JsonSchema.Patterns.Direct;

/// <summary>One character of a set anywhere, found by the runtime's vectorised search.</summary>
internal sealed class ContainsPattern(SearchValues<byte> members) : Pattern
{
    internal override PatternMatch IsMatch(ReadOnlySpan<byte> utf8, ref long budget) => utf8.ContainsAny(members) ? PatternMatch.Match : PatternMatch.NoMatch;
}
