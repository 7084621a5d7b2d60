using System.Text;
using Gateway.JsonSchema.Tests.Support;

namespace Gateway.JsonSchema.Tests.Validation;

/// <summary>
/// What many subschemas may spend on one long value. Work is counted, not timed: a validation that is given up has overdrawn its budget by one look at
/// one value at most.
/// </summary>
public sealed class HostileWorkTests
{
    private const int Long = 200_000;

    [Fact]
    public void Searches_of_many_patterns_end_with_the_budget()
    {
        var patterns = string.Join(',', Enumerable.Range(0, 199).Select(i => $$"""{{Quoted($"(a|b|n)*{i}[0-9]+(x|y)*z")}}:{}"""));
        var names = string.Join(',', Enumerable.Range(0, 9_999).Select(i => $"\"name{i}{new string('n', 50)}\":0"));
        AssertGivenUp($$$"""{"patternProperties":{{{{patterns}}}}}""", $"{{{names}}}", overdraft: 10_000);
    }

    [Fact]
    public void Look_around_costs_a_scan_for_each()
    {
        const string Pattern = "(a(?=b)|b(?<=a)|c(?!d)|d(?<!e))*z";
        var schema = Schemas.Compile($$"""{"pattern":{{Quoted(Pattern)}}}""");
        schema.ValidateCounting(Encoding.UTF8.GetBytes(Quoted("abcdabcd")), out _);
        schema.ValidateCounting(Encoding.UTF8.GetBytes(Quoted("abcd")), out var before);
        schema.ValidateCounting(Encoding.UTF8.GetBytes(Quoted(string.Concat(Enumerable.Repeat("abcd", 1_000)))), out var after);

        // Five scans, each of two half steps for a byte, of which four whole ones are given with it; the states are made but once.
        Assert.InRange(before - after, 3_996, 8_000);
    }

    [Fact]
    public void States_of_a_large_automaton_are_paid_for_as_they_are_made() =>
        AssertGivenUp("""{"pattern":"(?:a{9990}|b)"}""", Quoted(new string('a', 100_000)), overdraft: 40_000);

    [Theory]
    [InlineData("\"minLength\":3{0:D5}", "é")]
    [InlineData("\"minLength\":3{0:D5}", "\\n")]
    [InlineData("\"const\":\"{0}\"", "\\n")]
    [InlineData("\"format\":\"uri-reference\",\"minLength\":{0}", "a")]
    [InlineData("\"format\":\"regex\",\"maxLength\":9{0:D5}", "a")]
    public void A_long_text_is_not_read_by_every_alternative_for_one_step_each(string keywords, string repeated)
    {
        var text = string.Concat(Enumerable.Repeat(repeated, Long));
        AssertGivenUp(AllOrAny(keywords), Quoted(text), overdraft: 8 * Long);
    }

    [Theory]
    [InlineData("\"exclusiveMaximum\":{0}")]
    [InlineData("\"const\":{0}")]
    [InlineData("\"multipleOf\":7{0:D4}")]
    public void A_long_number_is_not_read_by_every_alternative_for_one_step_each(string keywords) =>
        AssertGivenUp(AllOrAny(keywords), new string('7', Long), overdraft: 8 * Long);

    [Theory]
    [InlineData("")]
    [InlineData("\\n")]
    public void Long_items_are_not_compared_again_and_again_for_one_step_each(string escape)
    {
        var text = escape + new string('a', Long);
        AssertGivenUp(AllOrAny("\"uniqueItems\":true,\"maxItems\":9{0:D4}", "allOf"), $"[{Quoted(text + "b")},{Quoted(text + "c")}]", overdraft: 8 * Long);
    }

    // Alternatives that all have to be looked at: formats hold, so all of them are asked for; the rest fails.
    private static string AllOrAny(string keywords, string? applicator = null)
    {
        var branches = Enumerable.Range(0, 5_000).Select(i => $"{{{string.Format(System.Globalization.CultureInfo.InvariantCulture, keywords, i)}}}");
        return $"{{\"{applicator ?? (keywords.Contains("format", StringComparison.Ordinal) ? "allOf" : "anyOf")}\":[{string.Join(',', branches)}]}}";
    }

    private static void AssertGivenUp(string schema, string instance, int overdraft)
    {
        var options = new SchemaOptions { AssertFormat = true, StepBudget = 100_000 };
        var verdict = Schemas.Compile(schema, options).ValidateCounting(Encoding.UTF8.GetBytes(instance), out var stepsLeft);
        Assert.Equal(VerdictKind.BudgetExceeded, verdict.Kind);
        Assert.InRange(stepsLeft, -overdraft, -1);
    }

    private static string Quoted(string text) => $"\"{text}\"";
}
