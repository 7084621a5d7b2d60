using System.Text;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Gateway.JsonSchema.Tests.Support;

namespace Gateway.JsonSchema.Tests.Validation;

/// <summary>What must hold for every schema and every instance, checked on random small ones that meet each other often.</summary>
public sealed class VerdictProperties
{
    private static readonly Gen<string> Name = Gen.Elements("a", "b", "c", "é", "a\\u0062");
    private static readonly Gen<string> Text = Gen.Elements("\"\"", "\"a\"", "\"ab\"", "\"\\u0061\"", "\"é\"", "\"😀\"", "\"1\"");
    private static readonly Gen<string> Number = Gen.Elements("0", "-0.0", "1", "1.0", "10e-1", "1.5", "2", "-3", "1e2", "12345678901234567890");

    [Fact]
    public void A_verdict_does_not_change_with_member_order_white_space_or_number_spelling() =>
        Check((schema, instance) =>
        {
            var compiled = Compile(schema);
            return compiled is null || compiled.Validate(instance).Kind == compiled.Validate(Respell(instance)).Kind;
        });

    [Fact]
    public void A_schema_means_the_same_however_its_members_are_ordered() =>
        Check((schema, instance) =>
        {
            var (one, other) = (Compile(schema), Compile(Respell(schema)));
            return one is null ? other is null : one.Validate(instance).Kind == other!.Validate(instance).Kind;
        });

    [Fact]
    public void Not_turns_the_verdict_around_and_combinations_agree_with_it() =>
        Check((schema, instance) =>
        {
            if (Compile(schema) is not { } plain)
            {
                return true;
            }

            var fits = plain.Validate(instance).Kind == VerdictKind.Valid;
            return fits == (Compile($$"""{"allOf":[{{schema}},true]}""")!.Validate(instance).Kind == VerdictKind.Valid)
                && fits == (Compile($$"""{"anyOf":[false,{{schema}}]}""")!.Validate(instance).Kind == VerdictKind.Valid)
                && fits == (Compile($$"""{"oneOf":[{{schema}},false]}""")!.Validate(instance).Kind == VerdictKind.Valid)
                && fits != (Compile($$"""{"not":{{schema}}}""")!.Validate(instance).Kind == VerdictKind.Valid)
                && fits == (Compile($$"""{"if":{{schema}},"else":false}""")!.Validate(instance).Kind == VerdictKind.Valid);
        });

    [Fact]
    public void An_invalid_instance_has_a_violation_and_a_valid_one_has_none() =>
        Check((schema, instance) =>
        {
            var verdict = Compile(schema)?.Validate(instance);
            return verdict is null || (verdict.Kind == VerdictKind.Valid) == (verdict.Violations.Count == 0);
        });

    [Fact]
    public void Mutated_schemas_and_instances_never_do_worse_than_be_refused()
    {
        var bytes = from text in Gen.OneOf(Schema(3), Value(3))
                    from edits in Gen.Choose(0, 5).SelectMany(count => Tape.StrictJsonProperties.Edit.ArrayOf(count))
                    select edits.Aggregate(Encoding.UTF8.GetBytes(text), (edited, edit) => edit.Apply(edited));
        Prop.ForAll(Arb.From(bytes), Arb.From(bytes), (schema, instance) =>
            JsonSchema.Compile(schema) switch
            {
                CompileResult.Refused refused => refused.Errors.Count > 0,
                CompileResult.Compiled compiled => compiled.Schema.Validate(instance).Kind == VerdictKind.NotJson == StrictJson.Check(instance) is not null,
                _ => false,
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));
    }

    /// <summary>
    /// <c>propertyNames: true</c> says nothing, but keeps the planner from joining schemas: with and without it the verdicts must agree.
    /// </summary>
    [Fact]
    public void Plans_change_no_verdict() =>
        Prop.ForAll(Arb.From(ObjectSchema(2)), Arb.From(Members(Value(1))), (schema, instance) =>
        {
            var unplanned = JsonNode.Parse(schema)!;
            KeepApart(unplanned);
            var (one, other) = (Compile(schema), Compile(unplanned.ToJsonString()));
            return one is null ? other is null : one.Validate(instance).Kind == other!.Validate(instance).Kind;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));

    private static void KeepApart(JsonNode? schema)
    {
        if (schema is not JsonObject keywords)
        {
            return;
        }

        foreach (var (keyword, value) in keywords.ToList())
        {
            switch (value)
            {
                case JsonObject map when keyword == "properties":
                    map.Select(member => member.Value).ToList().ForEach(KeepApart);
                    break;
                case JsonObject inner when keyword is not "const":
                    KeepApart(inner);
                    break;
                case JsonArray several when keyword is "allOf" or "anyOf" or "oneOf":
                    several.ToList().ForEach(KeepApart);
                    break;
            }
        }

        keywords["propertyNames"] = true;
    }

    /// <summary>Schemas of objects that combine, require and close: what the planner joins and discriminates.</summary>
    private static Gen<string> ObjectSchema(int depth)
    {
        var leaf = Gen.Elements("true", "{\"type\":\"integer\"}", "{\"const\":\"a\"}", "{\"enum\":[\"ab\",\"é\"]}", "{\"minLength\":1}", "false");
        var inner = depth == 0 ? leaf : ObjectSchema(depth - 1);
        var several = inner.ArrayOf(2).Select(schemas => $"[{string.Join(',', schemas)}]");
        var names = Name.ArrayOf().Select(found => $"[{string.Join(',', found.Distinct().Take(2).Select(name => $"\"{name}\""))}]");
        var keyword = Gen.OneOf(
            Pair("properties", Members(Gen.OneOf(leaf, inner))), Pair("required", names), Pair("type", Gen.Constant("\"object\"")),
            Pair("allOf", several), Pair("anyOf", several), Pair("oneOf", several), Pair("if", inner), Pair("then", inner), Pair("maxProperties", Gen.Constant("2")),
            Pair("additionalProperties", leaf), Pair("unevaluatedProperties", Gen.OneOf(Gen.Constant("false"), leaf)));
        return keyword.ArrayOf().Select(keywords => $"{{{string.Join(',', keywords.Take(5).DistinctBy(pair => pair.Key).Select(pair => $"\"{pair.Key}\":{pair.Value}"))}}}");
    }

    private static void Check(Func<string, string, bool> holds) =>
        Prop.ForAll(Arb.From(Schema(3)), Arb.From(Value(3)), holds).Check(Config.QuickThrowOnFailure.WithMaxTest(3_000));

    private static JsonSchema? Compile(string schema) =>
        (JsonSchema.Compile(Encoding.UTF8.GetBytes(schema)) as CompileResult.Compiled)?.Schema;

    /// <summary>Members in reverse order, white space around everything, numbers in another spelling.</summary>
    private static string Respell(string json)
    {
        var text = new StringBuilder();
        Write(JsonNode.Parse(json), text);
        return text.ToString();
    }

    private static void Write(JsonNode? node, StringBuilder text)
    {
        switch (node)
        {
            case JsonObject members:
                text.Append("{ ");
                foreach (var (member, index) in members.Reverse().Select((member, index) => (member, index)))
                {
                    text.Append(index == 0 ? "" : " ,\n").Append(JsonValue.Create(member.Key).ToJsonString()).Append("\t: ");
                    Write(member.Value, text);
                }

                text.Append(" }");
                break;
            case JsonArray items:
                text.Append("[ ");
                for (var i = 0; i < items.Count; i++)
                {
                    text.Append(i == 0 ? "" : " , ");
                    Write(items[i], text);
                }

                text.Append('\n').Append(']');
                break;
            case JsonValue number when number.GetValueKind() == System.Text.Json.JsonValueKind.Number:
                text.Append(number.ToJsonString() switch
                {
                    "0" => "0E5",
                    "1" => "0.1e1",
                    "1.5" => "15.0e-1",
                    "2" => "2.00",
                    var same => same,
                });
                break;
            default:
                text.Append(node?.ToJsonString() ?? "null");
                break;
        }
    }

    private static Gen<string> Value(int depth)
    {
        var scalar = Gen.OneOf(Text, Number, Gen.Elements("null", "true", "false"));
        return depth == 0 ? scalar : Gen.Frequency(
            (2, scalar),
            (2, Value(depth - 1).ArrayOf().Select(items => $"[{string.Join(',', items.Take(4))}]")),
            (3, Members(Value(depth - 1))));
    }

    private static Gen<string> Members(Gen<string> value) =>
        from pairs in (from name in Name from inner in value select (name, inner)).ArrayOf()
        select $"{{{string.Join(',', pairs.Take(4).DistinctBy(pair => pair.name).Select(pair => $"\"{pair.name}\":{pair.inner}"))}}}";

    private static Gen<string> Schema(int depth)
    {
        if (depth == 0)
        {
            return Gen.Elements("true", "false", "{}", "{\"type\":\"string\"}", "{\"type\":[\"integer\",\"null\"]}", "{\"const\":1}", "{\"minLength\":1}");
        }

        var inner = Schema(depth - 1);
        var several = inner.ArrayOf(2).Select(schemas => $"[{string.Join(',', schemas)}]");
        var map = Members(inner);
        var count = Gen.Elements("0", "1", "2", "1.0");
        var names = Name.ArrayOf().Select(found => $"[{string.Join(',', found.Distinct().Take(2).Select(name => $"\"{name}\""))}]");
        var keyword = Gen.OneOf(
            Pair("type", Gen.Elements("\"object\"", "\"array\"", "[\"number\",\"string\"]", "\"integer\"", "\"boolean\"")),
            Pair("const", Value(1)), Pair("enum", Value(1).ArrayOf(2).Select(values => $"[{string.Join(',', values)}]")),
            Pair("minimum", Number), Pair("exclusiveMaximum", Number), Pair("multipleOf", Gen.Elements("1", "0.5", "3", "1e-1")),
            Pair("minLength", count), Pair("maxLength", count), Pair("pattern", Gen.Elements("\"a\"", "\"^.$\"", "\"b?$\"")),
            Pair("items", inner), Pair("prefixItems", several), Pair("contains", inner), Pair("minContains", count), Pair("maxItems", count),
            Pair("uniqueItems", Gen.Elements("true", "false")), Pair("unevaluatedItems", inner),
            Pair("properties", map), Pair("additionalProperties", inner), Pair("patternProperties", inner.Select(schema => $"{{\"^a\":{schema}}}")),
            Pair("propertyNames", inner), Pair("required", names), Pair("maxProperties", count), Pair("dependentSchemas", map),
            Pair("unevaluatedProperties", inner), Pair("allOf", several), Pair("anyOf", several), Pair("oneOf", several),
            Pair("not", inner), Pair("if", inner), Pair("then", inner), Pair("else", inner));
        return keyword.ArrayOf().Select(keywords => $"{{{string.Join(',', keywords.Take(4).DistinctBy(pair => pair.Key).Select(pair => $"\"{pair.Key}\":{pair.Value}"))}}}");
    }

    private static Gen<KeyValuePair<string, string>> Pair(string keyword, Gen<string> value) =>
        value.Select(text => KeyValuePair.Create(keyword, text));
}
