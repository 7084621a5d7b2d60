namespace Gateway.JsonSchema.Patterns;

/// <summary>How far a schema's patterns may go.</summary>
internal sealed record PatternOptions
{
    /// <summary>The options a schema gets when nothing else is said.</summary>
    internal static PatternOptions Default { get; } = new();

    /// <summary>
    /// Whether patterns that no linear engine can run (back-references) are accepted and run by backtracking under
    /// <see cref="MatchTimeout"/>. Default: <see langword="false"/>, they are refused.
    /// </summary>
    internal bool AllowBacktracking { get; init; }

    /// <summary>Longest time a backtracking search of one string may take. Default: 50 ms.</summary>
    internal TimeSpan MatchTimeout { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// Largest <see cref="PatternResult.Compiled.Size"/>. Default: 50,000. Whoever compiles many patterns takes the sizes off, one by one.
    /// </summary>
    internal int MaxSize { get; init; } = 50_000;
}
