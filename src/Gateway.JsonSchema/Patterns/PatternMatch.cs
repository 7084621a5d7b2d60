namespace Gateway.JsonSchema.Patterns;

/// <summary>What a search for a pattern in one string came to.</summary>
internal enum PatternMatch
{
    /// <summary>The pattern occurs in the string.</summary>
    Match,

    /// <summary>The pattern does not occur in the string.</summary>
    NoMatch,

    /// <summary>The search was given up at its limit. This is a violation, never a pass.</summary>
    Undecided,
}
