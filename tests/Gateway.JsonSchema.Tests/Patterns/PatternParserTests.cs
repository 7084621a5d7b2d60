using Gateway.JsonSchema.Patterns;
using Gateway.JsonSchema.Patterns.Syntax;

namespace Gateway.JsonSchema.Tests.Patterns;

public sealed class PatternParserTests
{
    [Theory]
    [InlineData("^(abc]", "']' stands alone; to match it, write '\\]' (at character 6)")]
    [InlineData("(abc", "the group is not closed; ')' is missing (at character 1)")]
    [InlineData("abc)", "')' closes no group (at character 4)")]
    [InlineData("[abc", "the class is not closed; ']' is missing (at character 1)")]
    [InlineData("a**", "there is nothing to repeat before '*' (at character 3)")]
    [InlineData("^*", "there is nothing to repeat before '*' (at character 2)")]
    [InlineData("(?=a)+", "there is nothing to repeat before '+' (at character 6)")]
    [InlineData("a{2,1}", "the repetition's numbers are out of order (at character 2)")]
    [InlineData("a{,1}", "'{' begins no repetition count; to match it, write '\\{' (at character 2)")]
    [InlineData("{", "'{' stands alone; to match it, write '\\{' (at character 1)")]
    [InlineData("\\a", "'\\a' is no escape that ECMA-262 knows (at character 1)")]
    [InlineData("a\\Z", "'\\Z' is no escape that ECMA-262 knows (at character 2)")]
    [InlineData("\\-", "'\\-' is no escape that ECMA-262 knows (at character 1)")]
    [InlineData("\\", "a backslash ends the pattern (at character 1)")]
    [InlineData("\\x4", "'\\x' is no escape that ECMA-262 knows (at character 1)")]
    [InlineData("\\00", "'\\0' is no escape that ECMA-262 knows (at character 1)")]
    [InlineData("\\u{110000}", "'\\u' is not followed by four hexadecimal digits or a code point in '{' and '}' (at character 1)")]
    [InlineData("\\p{Foo}", "'Foo' is no Unicode property that ECMA-262 knows (at character 1)")]
    [InlineData("\\p{Script=Latinish}", "'Script=Latinish' is no Unicode property that ECMA-262 knows (at character 1)")]
    [InlineData("\\pL", "'\\p' is not followed by a property in '{' and '}' (at character 1)")]
    [InlineData("[z-a]", "the range's characters are out of order (at character 2)")]
    [InlineData("[\\d-z]", "a range of characters cannot begin or end with a class such as '\\d' (at character 2)")]
    [InlineData("(?<n>a)(?<n>b)", "there are two groups named 'n' (at character 11)")]
    [InlineData("(?<1>a)", "the group's name holds a character that names cannot hold (at character 4)")]
    [InlineData("\\k<n>", "there is no group named 'n' (at character 1)")]
    [InlineData("(a)\\2", "there is no group number 2 (at character 4)")]
    [InlineData("(?i)a", "'(?' begins no group that ECMA-262 knows (at character 1)")]
    [InlineData("(?P<n>a)", "'(?' begins no group that ECMA-262 knows (at character 1)")]
    [InlineData("🐲(", "the group is not closed; ')' is missing (at character 2)")]
    public void A_malformed_pattern_is_refused_with_the_place_and_what_is_wrong(string pattern, string reason) =>
        Assert.Equal(reason, Assert.IsType<ParseResult.Malformed>(PatternParser.Parse(pattern)).Reason);

    [Fact]
    public void The_refusal_names_the_language_that_was_expected() =>
        Assert.Equal(
            "The pattern is not a regular expression of ECMA-262 with the 'u' flag: there is nothing to repeat before '*' (at character 1).",
            PatternProbe.RefusalOf("*"));

    [Fact]
    public void Groups_nested_beyond_the_limit_are_refused_without_exhausting_the_stack() =>
        Assert.Contains("nested more than 200 deep", PatternProbe.RefusalOf(new string('(', 8_000) + new string(')', 8_000)), StringComparison.Ordinal);

    [Fact]
    public void Groups_nested_up_to_the_limit_run() =>
        Assert.True(PatternProbe.Matches(string.Concat(Enumerable.Repeat("(?:", PatternParser.MaxDepth)) + "a" + string.Concat(Enumerable.Repeat(")*", PatternParser.MaxDepth)) + "b", "aab"));

    [Fact]
    public void A_pattern_beyond_the_greatest_length_is_refused() =>
        Assert.Equal("The pattern is longer than 16,384 characters.", PatternProbe.RefusalOf(new string('a', PatternCompiler.MaxLength + 1)));

    [Fact]
    public void Classes_with_too_many_ranges_are_refused() =>
        Assert.Contains("name more than 20,000 ranges", PatternProbe.RefusalOf(string.Concat(Enumerable.Repeat("[\\p{L}x]", 200))), StringComparison.Ordinal);
}
