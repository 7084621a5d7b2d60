namespace Gateway.JsonSchema.Patterns;

/// <summary>
/// A compiled pattern: one ECMA-262 regular expression with the <c>u</c> flag, ready to judge strings. Safe for use by many threads at once.
/// </summary>
internal abstract class Pattern
{
    /// <summary>What one search may cost when its caller sets no bound: some tens of milliseconds.</summary>
    internal const long DefaultBudget = 4_000_000;

    /// <summary>How often a search goes over the value, in scans of the direct engine; one by automaton takes as long as two.</summary>
    internal virtual int Scans => 1;

    /// <summary>Searches the whole value for the pattern; the pattern itself says whether it is anchored.</summary>
    /// <param name="utf8">The value of the JSON string, escapes already resolved, as valid UTF-8.</param>
    /// <returns>Never <see cref="PatternMatch.Match"/> unless a match was found.</returns>
    internal PatternMatch IsMatch(ReadOnlySpan<byte> utf8)
    {
        var budget = DefaultBudget;
        return IsMatch(utf8, ref budget);
    }

    /// <summary>The same within a bound that many searches share, such as all of one validation.</summary>
    /// <param name="utf8">The value of the JSON string, escapes already resolved, as valid UTF-8.</param>
    /// <param name="budget">
    /// Falls by what the search costs beyond one pass over the bytes, in units of a few nanoseconds: automaton states made for the first
    /// time, steps of a backtracking search. Below zero, the answer is <see cref="PatternMatch.Undecided"/>.
    /// </param>
    internal abstract PatternMatch IsMatch(ReadOnlySpan<byte> utf8, ref long budget);
}
