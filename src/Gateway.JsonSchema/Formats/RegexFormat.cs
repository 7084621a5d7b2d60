using System.Text;
using Gateway.JsonSchema.Patterns.Syntax;

namespace Gateway.JsonSchema.Formats;

/// <summary>A regular expression of ECMA-262 with the <c>u</c> flag. Whether an engine could run it is not asked.</summary>
internal static class RegexFormat
{
    internal static bool IsValid(ReadOnlySpan<byte> utf8) => PatternParser.Parse(Encoding.UTF8.GetString(utf8)) is ParseResult.Parsed;
}
