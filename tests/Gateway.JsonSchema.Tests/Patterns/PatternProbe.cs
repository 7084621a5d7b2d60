using System.Text;
using Gateway.JsonSchema.Patterns;

namespace Gateway.JsonSchema.Tests.Patterns;

/// <summary>Short ways to compile and run a pattern.</summary>
internal static class PatternProbe
{
    internal static PatternOptions Backtracking { get; } = new() { AllowBacktracking = true, MatchTimeout = TimeSpan.FromMinutes(1) };

    internal static Pattern Compile(string pattern, PatternOptions? options = null) =>
        PatternCompiler.Compile(pattern, options ?? PatternOptions.Default) switch
        {
            PatternResult.Compiled compiled => compiled.Pattern,
            PatternResult.Refused refused => throw new InvalidOperationException($"{pattern}: {refused.Reason}"),
            var other => throw new InvalidOperationException(other.ToString()),
        };

    internal static string RefusalOf(string pattern, PatternOptions? options = null) =>
        Assert.IsType<PatternResult.Refused>(PatternCompiler.Compile(pattern, options ?? PatternOptions.Default)).Reason;

    internal static bool Matches(string pattern, string value) => Matches(Compile(pattern), value);

    internal static bool Matches(Pattern pattern, string value)
    {
        var match = pattern.IsMatch(Encoding.UTF8.GetBytes(value));
        Assert.NotEqual(PatternMatch.Undecided, match);
        return match == PatternMatch.Match;
    }
}
