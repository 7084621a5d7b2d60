namespace Gateway.JsonSchema.Tests.Patterns;

/// <summary>Where ECMA-262 with the <c>u</c> flag and .NET part ways.</summary>
public sealed class DialectTests
{
    [Theory]
    [InlineData("^abc$", "abc\n", false)]
    [InlineData("^\\d$", "৪", false)]
    [InlineData("^\\w$", "é", false)]
    [InlineData("^\\s$", "\uFEFF", true)]
    [InlineData("^\\s$", "\u0085", false)]
    [InlineData("^\\s$", "\u00A0", true)]
    [InlineData("^.$", "\r", false)]
    [InlineData("^.$", "\u2028", false)]
    [InlineData("^.$", "\u0085", true)]
    [InlineData("^.$", "🐲", true)]
    [InlineData("^[^a]$", "🐲", true)]
    [InlineData("^[🐲-🐵]$", "🐴", true)]
    [InlineData("^🐲*$", "🐲🐲", true)]
    [InlineData("^\\ud83d\\udc32$", "🐲", true)]
    [InlineData("^\\u{1F432}$", "🐲", true)]
    [InlineData("\\ud83d", "🐲", false)]
    [InlineData("^\\p{Letter}+$", "Zürich", true)]
    [InlineData("^\\p{Script=Greek}+$", "λόγος", true)]
    [InlineData("^\\p{Script_Extensions=Deva}$", "\u0964", true)]
    [InlineData("^\\p{Script=Deva}$", "\u0964", false)]
    [InlineData("^\\p{scx=Devanagari}$", "\u0964", true)]
    [InlineData("^\\p{Emoji_Presentation}$", "🐲", true)]
    [InlineData("^\\P{Lu}$", "a", true)]
    [InlineData("^[^\\P{Lu}]$", "A", true)]
    [InlineData("^\\p{digit}+$", "42", true)]
    [InlineData("\\bé", "xé", true)]
    [InlineData("^[^]$", "\n", true)]
    [InlineData("[]", "a", false)]
    [InlineData("^[\\b]$", "\b", true)]
    [InlineData("^\\cC$", "\u0003", true)]
    [InlineData("^\\0$", "\0", true)]
    [InlineData("^[a-z-[b]$", "[", true)]
    [InlineData("^[\\w-]+$", "a-b", true)]
    [InlineData("(?:(?:^b)+|){2}", "", true)]
    [InlineData("^(?:(?:\\w{1,}|b{0})+c{0}(?:[\\d_]{2}\\B){0,1}?)$", "", true)]
    public void A_string_is_judged_as_ECMA_262_says(string pattern, string value, bool expected) =>
        Assert.Equal(expected, PatternProbe.Matches(pattern, value));

    [Theory]
    [InlineData("^[a-z-[b]]$")]
    [InlineData("(?>a)")]
    [InlineData("(?i)a")]
    [InlineData("[\\w-.]")]
    [InlineData("\\p{IsGreek}")]
    [InlineData("\\Aa\\z")]
    public void What_only_NET_understands_is_refused(string pattern) =>
        Assert.Contains("not a regular expression of ECMA-262", PatternProbe.RefusalOf(pattern), StringComparison.Ordinal);
}
