using System.Diagnostics;
using System.Globalization;
using System.Text;
using Gateway.JsonSchema.Tests.Support;

namespace Gateway.JsonSchema.Tests.Validation;

/// <summary>
/// Schemas and instances made to hurt. Each is answered or refused at registration; the limit here is generous because test machines
/// are busy - the benchmarks hold the real figures.
/// </summary>
public sealed class HostileInputTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    [Fact]
    public void A_fan_out_of_references_is_refused_with_its_place()
    {
        var definitions = string.Join(',', Enumerable.Range(0, 24).Select(i =>
            $$"""{{Quoted($"l{i}")}}:{"allOf":[{"$ref":"#/$defs/l{{i + 1}}"},{"$ref":"#/$defs/l{{i + 1}}"}]}"""));
        var schema = $$$"""{"$defs":{{{{definitions}}},"l24":{"type":"integer"}},"$ref":"#/$defs/l0"}""";
        var errors = Timed(() => Schemas.Refuse(schema));
        Assert.Contains(errors, error => error.Location.StartsWith("/$defs/l", StringComparison.Ordinal) && error.Message.Contains("subschemas", StringComparison.Ordinal));
    }

    [Fact]
    public void A_fan_out_along_nested_values_ends_at_the_step_budget()
    {
        var schema = Schemas.Compile(
            """{"$defs":{"n":{"anyOf":[{"properties":{"a":{"$ref":"#/$defs/n"},"b":false},"required":["b"]},{"properties":{"a":{"$ref":"#/$defs/n"}},"required":["b"]}]}},"$ref":"#/$defs/n"}""");
        var instance = string.Concat(Enumerable.Repeat("{\"a\":", 60)) + "1" + new string('}', 60);
        var verdict = Timed(() => schema.Validate(instance));
        Assert.Equal(VerdictKind.BudgetExceeded, verdict.Kind);
        Assert.Empty(verdict.Violations);
    }

    [Fact]
    public void Unique_items_are_told_apart_among_twenty_thousand_objects()
    {
        var items = Enumerable.Range(0, 20_000).Select(i => string.Create(CultureInfo.InvariantCulture, $$"""{"id":{{i}},"name":"n{{i % 7}}","tags":["a","b"]}""")).ToList();
        var schema = Schemas.Compile("""{"uniqueItems":true}""");
        Assert.Equal(VerdictKind.Valid, Timed(() => schema.Validate($"[{string.Join(',', items)}]")).Kind);
        items.Add("""{"name":"n3","tags":["a","b"],"id":30e-1}""");
        Assert.Equal(VerdictKind.Invalid, Timed(() => schema.Validate($"[{string.Join(',', items)}]")).Kind);
    }

    [Fact]
    public void A_pattern_with_nested_repetition_is_linear()
    {
        var schema = Schemas.Compile("""{"pattern":"(a+)+$"}""");
        Assert.Equal(VerdictKind.Invalid, Timed(() => schema.Validate($"\"{new string('a', 50_000)}b\"")).Kind);
    }

    [Fact]
    public void Ten_thousand_alternatives_are_tried_in_time()
    {
        var branches = string.Join(',', Enumerable.Range(0, 10_000).Select(i => $$"""{"const":{{i}}}"""));
        var schema = Timed(() => Schemas.Compile($$"""{"anyOf":[{{branches}}]}"""));
        Assert.Equal(VerdictKind.Valid, Timed(() => schema.Validate("9999")).Kind);
        var verdict = Timed(() => schema.Validate("10000"));
        Assert.Equal((VerdictKind.Invalid, true, 100), (verdict.Kind, verdict.Truncated, verdict.Violations.Count));
    }

    [Fact]
    public void A_ladder_of_dependent_schemas_is_refused_or_answered()
    {
        var rungs = string.Join(',', Enumerable.Range(0, 22).Select(i =>
            $$$$"""{{{{Quoted($"r{i}")}}}}:{"dependentSchemas":{"a":{"$ref":"#/$defs/r{{{{i + 1}}}}"},"b":{"$ref":"#/$defs/r{{{{i + 1}}}}"}}}"""));
        var schema = $$$"""{"$defs":{{{{rungs}}},"r22":{"type":"object"}},"$ref":"#/$defs/r0"}""";
        Assert.NotEmpty(Timed(() => Schemas.Refuse(schema)));
    }

    [Fact]
    public void Not_nested_to_the_depth_limit_is_answered()
    {
        var schema = string.Concat(Enumerable.Repeat("{\"not\":", 63)) + "{}" + new string('}', 63);
        Assert.Equal(VerdictKind.Invalid, Timed(() => Schemas.Compile(schema).Validate("1")).Kind);
        Assert.Single(Schemas.Refuse("{\"not\":" + schema + "}"));
    }

    [Fact]
    public void Contains_with_huge_counts_is_answered()
    {
        var schema = Schemas.Compile("""{"contains":{"type":"integer"},"minContains":1e400,"maxContains":1e500}""");
        Assert.Equal(VerdictKind.Invalid, Timed(() => schema.Validate($"[{string.Join(',', Enumerable.Range(0, 50_000))}]")).Kind);
    }

    [Fact]
    public void Huge_numbers_cost_what_their_digits_cost()
    {
        var schema = Schemas.Compile("""{"multipleOf":0.0000001,"maximum":1e1000000001,"minimum":-1e1000000000}""");
        Assert.Equal(VerdictKind.Valid, Timed(() => schema.Validate("1e1000000000")).Kind);
        Assert.Equal(VerdictKind.Invalid, Timed(() => schema.Validate("1e1000000002")).Kind);
        Assert.Equal(VerdictKind.Valid, Timed(() => schema.Validate(new string('7', 500_000))).Kind);
        Assert.Equal(VerdictKind.Invalid, Timed(() => schema.Validate("0." + new string('3', 500_000))).Kind);
        var seven = Schemas.Compile("""{"multipleOf":7}""");
        Assert.Equal(VerdictKind.Valid, Timed(() => seven.Validate(new string('7', 500_000))).Kind);
        Assert.Equal(VerdictKind.Invalid, Timed(() => seven.Validate("1e999999999999999999")).Kind);
    }

    [Fact]
    public void A_large_enum_and_large_constants_are_compared_in_time()
    {
        var values = string.Join(',', Enumerable.Range(0, 5_000).Select(i => $"{{\"k{i}\":[{i}]}}"));
        var schema = Schemas.Compile($"{{\"items\":{{\"enum\":[{values}]}}}}");
        Assert.Equal(VerdictKind.Valid, Timed(() => schema.Validate($"[{values}]")).Kind);
        var members = string.Join(',', Enumerable.Range(0, 9_000).Select(i => $"\"m{i}\":{i}"));
        var reversed = string.Join(',', Enumerable.Range(0, 9_000).Reverse().Select(i => $"\"m{i}\":{i}.0"));
        var constant = Schemas.Compile($"{{\"const\":{{{members}}}}}");
        Assert.Equal(VerdictKind.Valid, Timed(() => constant.Validate($"{{{reversed}}}")).Kind);
    }

    [Fact]
    public void A_chain_of_references_is_refused_before_the_stack_ends()
    {
        var links = string.Join(',', Enumerable.Range(0, 5_000).Select(i => $$"""{{Quoted($"c{i}")}}:{"$ref":"#/$defs/c{{i + 1}}"}"""));
        var schema = $$$"""{"$defs":{{{{links}}},"c5000":{}},"$ref":"#/$defs/c0"}""";
        Assert.NotEmpty(Timed(() => Schemas.Refuse(schema)));
    }

    [Fact]
    public void Chosen_names_do_not_make_the_duplicate_check_quadratic()
    {
        var members = new StringBuilder("[");
        for (var i = 0; i < 20; i++)
        {
            members.Append(i == 0 ? "{" : ",{");
            members.AppendJoin(',', Enumerable.Range(0, 9_999).Select(j => $"\"a{j:x8}zzzzzzzz\":0")).Append('}');
        }

        Assert.Null(Timed(() => StrictJson.Check(Encoding.UTF8.GetBytes(members.Append(']').ToString()))));
    }

    [Fact]
    public void Violations_below_a_long_name_do_not_repeat_it_without_end()
    {
        var schema = Schemas.Compile("""{"additionalProperties":{"items":{"type":"string"}}}""");
        var verdict = schema.Validate($"{{\"{new string('n', 200_000)}\":[{string.Join(',', Enumerable.Repeat("1", 100))}]}}");
        Assert.True(verdict.Truncated);
        Assert.InRange(verdict.Violations.Count, 1, 2);
    }

    [Fact]
    public void Names_repeated_by_dynamic_scopes_are_bounded()
    {
        var required = string.Join(',', Enumerable.Range(0, 4_000).Select(i => $"\"n{i}\""));
        var enumeration = $"{{\"required\":[{required}]}}";
        Schemas.Compile(enumeration, new SchemaOptions { MaxNodes = 400 });
        Assert.NotEmpty(Schemas.Refuse(enumeration, new SchemaOptions { MaxNodes = 399 }));
        var references = string.Join(',', Enumerable.Range(0, 4_000).Select(i => $"{{\"allOf\":[{{\"$ref\":\"#/$defs/big\"}}],\"minProperties\":{i}}}"));
        Timed(() => Schemas.Compile($"{{\"$defs\":{{\"big\":{enumeration}}},\"prefixItems\":[{references}]}}"));
    }

    private static string Quoted(string text) => $"\"{text}\"";

    private static T Timed<T>(Func<T> action)
    {
        var watch = Stopwatch.StartNew();
        var result = action();
        Assert.True(watch.Elapsed < Limit, $"It took {watch.Elapsed}.");
        return result;
    }
}
