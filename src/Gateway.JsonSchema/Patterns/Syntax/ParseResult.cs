namespace Gateway.JsonSchema.Patterns.Syntax;

/// <summary>The answer of <see cref="PatternParser.Parse"/>.</summary>
internal abstract record ParseResult
{
    private ParseResult()
    {
    }

    /// <param name="Root">The whole pattern.</param>
    /// <param name="Groups">How many capture groups it has.</param>
    /// <param name="HasBackReference">Whether it refers to one of them.</param>
    internal sealed record Parsed(PatternNode Root, int Groups, bool HasBackReference) : ParseResult;

    /// <param name="Reason">What is wrong, and at which character, counted from 1.</param>
    internal sealed record Malformed(string Reason) : ParseResult;
}
