using System.Globalization;
using Gateway.JsonSchema.Patterns.Backtracking;
using Gateway.JsonSchema.Patterns.Linear;
using Gateway.JsonSchema.Patterns.Syntax;

namespace Gateway.JsonSchema.Patterns;

/// <summary>Turns the text of a <c>pattern</c> into something that runs, or says why not.</summary>
internal static class PatternCompiler
{
    /// <summary>Longest pattern, in UTF-16 units.</summary>
    internal const int MaxLength = 16_384;

    /// <summary>
    /// Compiles a regular expression of ECMA-262 with the <c>u</c> flag. Takes milliseconds at most, for any input; what it answers
    /// runs in a time linear in the length of the string, unless <see cref="PatternOptions.AllowBacktracking"/> is on.
    /// </summary>
    internal static PatternResult Compile(string ecmaPattern, PatternOptions options)
    {
        if (ecmaPattern.Length > MaxLength)
        {
            return new PatternResult.Refused(
                $"The pattern is longer than {MaxLength.ToString("N0", CultureInfo.InvariantCulture)} characters.");
        }

        return PatternParser.Parse(ecmaPattern) switch
        {
            ParseResult.Malformed malformed => new PatternResult.Refused(
                $"The pattern is not a regular expression of ECMA-262 with the 'u' flag: {malformed.Reason}."),
            ParseResult.Parsed parsed => Choose(parsed, options),
            var other => throw new System.Diagnostics.UnreachableException(other.ToString()),
        };
    }

    private static PatternResult Choose(ParseResult.Parsed parsed, PatternOptions options)
    {
        var linear = parsed.HasBackReference
            ? new PatternResult.Refused("The pattern refers back to what a group has captured, which cannot be decided in linear time.")
            : LinearCompiler.Compile(PatternSimplifier.Simplify(parsed.Root), options.MaxSize);
        return linear is PatternResult.Refused && options.AllowBacktracking
            ? new PatternResult.Compiled(new BacktrackingPattern(new BacktrackingProgram(parsed), options.MatchTimeout))
            : linear;
    }
}
