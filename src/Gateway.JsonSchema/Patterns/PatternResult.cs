namespace Gateway.JsonSchema.Patterns;

/// <summary>The answer of <see cref="PatternCompiler.Compile"/>.</summary>
internal abstract record PatternResult
{
    private PatternResult()
    {
    }

    /// <summary>The pattern can be run.</summary>
    /// <param name="Pattern">What runs it.</param>
    /// <param name="Size">What it holds in memory at least: automaton nodes and boundaries of character ranges, some tens of bytes each.</param>
    internal sealed record Compiled(Pattern Pattern, int Size = 0) : PatternResult;

    /// <summary>The pattern is not ECMA-262, or is beyond what the gateway runs.</summary>
    /// <param name="Reason">What is wrong and where, for the author of the schema.</param>
    internal sealed record Refused(string Reason) : PatternResult;
}
