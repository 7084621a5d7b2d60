namespace Gateway.JsonSchema.Patterns;

/// <summary>
/// A compiled pattern: one ECMA-262 regular expression with the <c>u</c> flag, ready to judge strings. Safe for use by many threads at once.
/// </summary>
internal abstract class Pattern
{
    /// <summary>Searches the whole value for the pattern; the pattern itself says whether it is anchored.</summary>
    /// <param name="utf8">The value of the JSON string, escapes already resolved, as valid UTF-8.</param>
    /// <returns>Never <see cref="PatternMatch.Match"/> unless a match was found.</returns>
    internal abstract PatternMatch IsMatch(ReadOnlySpan<byte> utf8);
}
