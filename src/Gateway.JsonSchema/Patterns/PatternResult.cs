namespace Gateway.JsonSchema.Patterns;

/// <summary>The answer of <see cref="PatternCompiler.Compile"/>.</summary>
internal abstract record PatternResult
{
    private PatternResult()
    {
    }

    /// <summary>The pattern can be run.</summary>
    internal sealed record Compiled(Pattern Pattern) : PatternResult;

    /// <summary>The pattern is not ECMA-262, or is beyond what the gateway runs.</summary>
    /// <param name="Reason">What is wrong and where, for the author of the schema.</param>
    internal sealed record Refused(string Reason) : PatternResult;
}
