using Gateway.JsonSchema.Tests.Support;

namespace Gateway.JsonSchema.Tests.Validation;

public sealed class RefusalTests
{
    [Theory]
    [InlineData("""{"type":"strin"}""", "/type")]
    [InlineData("""{"properties":{"a":{"minLength":-1}}}""", "/properties/a/minLength")]
    [InlineData("""{"items":[{}]}""", "/items")]
    [InlineData("""{"$ref":"#/$defs/none"}""", "/$ref")]
    [InlineData("""{"$ref":"https://example.com/other.json"}""", "/$ref")]
    [InlineData("""{"$ref":"#"}""", "")]
    [InlineData("""{"allOf":[{"$ref":"#/$defs/a"}],"$defs":{"a":{"anyOf":[{"$ref":"#/$defs/b"}]},"b":{"not":{"$ref":"#/$defs/a"}}}}""", "/$defs/b/not")]
    [InlineData("""{"$defs":{"a":{"$anchor":"x"},"b":{"$anchor":"x"}}}""", "/$defs/b")]
    [InlineData("""{"$id":"https://a.example/","$defs":{"a":{"$id":"x"},"b":{"$id":"x"}}}""", "/$defs/b")]
    [InlineData("""{"$defs":{"unused":{"pattern":"["}}}""", "/$defs/unused/pattern")]
    [InlineData("""{"patternProperties":{"(":{}}}""", "/patternProperties/(")]
    [InlineData("""{"$schema":"https://json-schema.org/draft/2021-01/schema"}""", "/$schema")]
    [InlineData("""{"$ref":"#/x-own","x-own":{"type":5}}""", "/x-own/type")]
    [InlineData("5", "")]
    [InlineData("{", "")]
    [InlineData("", "")]
    public void A_broken_schema_is_refused_at_its_place(string schema, string location)
    {
        var errors = Schemas.Refuse(schema);
        Assert.Contains(errors, error => error.Location == location);
    }

    [Fact]
    public void Bounds_on_bytes_nodes_and_patterns_hold()
    {
        Assert.Contains("bytes", Schemas.Refuse("{}", new SchemaOptions { MaxSchemaBytes = 1 })[0].Message, StringComparison.Ordinal);
        var items = """{"prefixItems":[{"pattern":"a"},{"pattern":"b"},{"pattern":"a"}]}""";
        Schemas.Compile(items, new SchemaOptions { MaxNodes = 4, MaxPatterns = 2 });
        Assert.NotEmpty(Schemas.Refuse(items, new SchemaOptions { MaxNodes = 3 }));
        Assert.NotEmpty(Schemas.Refuse(items, new SchemaOptions { MaxPatterns = 1 }));
    }

    [Fact]
    public void Recursion_through_child_values_is_no_circle()
    {
        var schema = Schemas.Compile("""{"properties":{"next":{"$ref":"#"},"value":{"type":"integer"}},"additionalProperties":false}""");
        Assert.Equal(VerdictKind.Valid, schema.Validate("""{"next":{"next":{"value":1}}}""").Kind);
        var verdict = schema.Validate("""{"next":{"next":{"value":"x"}}}""");
        var violation = Assert.Single(verdict.Violations);
        Assert.Equal("/next/next/value", violation.InstanceLocation);
        Assert.Equal("/properties/next/$ref/properties/next/$ref/properties/value/type", violation.KeywordLocation);
        Assert.Equal("#/properties/value/type", violation.AbsoluteKeywordLocation);
    }

    [Fact]
    public void Two_schemas_with_the_same_id_never_meet()
    {
        var first = Schemas.Compile("""{"$id":"https://a.example/s","$defs":{"x":{"type":"string"}},"$ref":"#/$defs/x"}""");
        var second = Schemas.Compile("""{"$id":"https://a.example/s","$defs":{"x":{"type":"integer"}},"$ref":"https://a.example/s#/$defs/x"}""");
        Assert.Equal(VerdictKind.Valid, first.Validate("\"a\"").Kind);
        Assert.Equal(VerdictKind.Valid, second.Validate("1").Kind);
        Schemas.Refuse("""{"$ref":"https://a.example/s"}""");
    }

    [Fact]
    public void A_schema_may_take_the_name_of_a_metaschema_for_itself_only()
    {
        var taken = Schemas.Compile("""{"$id":"https://json-schema.org/draft/2020-12/schema","type":"integer"}""");
        Assert.Equal(VerdictKind.Invalid, taken.Validate("{}").Kind);
        Schemas.Refuse("""{"type":7}""");
    }

    [Fact]
    public void Bundled_resources_of_another_draft_are_judged_by_their_own()
    {
        var schema = Schemas.Compile(
            """{"$defs":{"old":{"$id":"https://a.example/old","$schema":"http://json-schema.org/draft-07/schema#","items":[{"type":"integer"}],"additionalItems":false}},"$ref":"https://a.example/old"}""");
        Assert.Equal(VerdictKind.Valid, schema.Validate("[1]").Kind);
        Assert.Equal(VerdictKind.Invalid, schema.Validate("[1,2]").Kind);
    }

    [Fact]
    public void A_constant_that_looks_like_a_bundled_resource_is_data()
    {
        var schema = Schemas.Compile(
            """{"$schema":"https://json-schema.org/draft/2020-12/schema","const":{"$id":"x","$schema":"http://json-schema.org/draft-07/schema#","type":5}}""");
        Assert.Equal(VerdictKind.Valid, schema.Validate("""{"type":5,"$id":"x","$schema":"http://json-schema.org/draft-07/schema#"}""").Kind);
    }
}
