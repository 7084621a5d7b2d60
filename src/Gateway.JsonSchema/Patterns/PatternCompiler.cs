using System.Buffers;
using System.Text;
using Gateway.JsonSchema.Patterns.Direct;

namespace Gateway.JsonSchema.Patterns;

/// <summary>Turns the text of a <c>pattern</c> into something that runs, or says why not.</summary>
internal static class PatternCompiler
{
    private static readonly SearchValues<char> Special = SearchValues.Create(@"\^$.*+?()[]{}|/");

    internal static PatternResult Compile(string ecmaPattern, PatternOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var text = ecmaPattern.AsSpan();
        var atStart = text.StartsWith("^");
        text = atStart ? text[1..] : text;
        var atEnd = text.EndsWith("$");
        text = atEnd ? text[..^1] : text;
        var special = text.IndexOfAny(Special);
        return special < 0
            ? new PatternResult.Compiled(new LiteralPattern(Encoding.UTF8.GetBytes(text.ToString()), atStart, atEnd))
            : new PatternResult.Refused($"'{text[special]}' is beyond this engine.");
    }
}
