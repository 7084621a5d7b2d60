namespace Gateway.JsonSchema.Patterns.Backtracking;

/// <summary>A pattern that no linear engine can run. Takes exponential time at worst, and gives up at its limit.</summary>
internal sealed class BacktrackingPattern(BacktrackingProgram program, TimeSpan limit) : Pattern
{
    internal override PatternMatch IsMatch(ReadOnlySpan<byte> utf8, ref long budget)
    {
        var search = new BacktrackingSearch(program, utf8, limit);
        var match = search.Run();
        budget -= search.Steps;
        return match;
    }
}
