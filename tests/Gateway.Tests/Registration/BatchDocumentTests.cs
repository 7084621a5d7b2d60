using System.Text;
using System.Text.Json;
using Gateway.Http;
using Gateway.Http.Bodies;
using Gateway.Registration;

namespace Gateway.Tests.Registration;

/// <summary>A batch is checked item by item; the check of the whole document is what it must agree with.</summary>
public sealed class BatchDocumentTests
{
    private const string Schema =
        """{ "type": "object", "properties": { "a": { "enum": ["}", "\\\"", { "b": [1, 2] }] } }, "required": [ "ä" ] }""";

    private static readonly JsonSerializerOptions Options = Conventions();

    [Fact]
    public void A_schema_that_is_repeated_is_every_items_own_as_it_was_sent()
    {
        string[] schemas = [Schema, Schema, Schema + " ", Schema.Replace("1, 2", "1, 3", StringComparison.Ordinal), Schema, "true", Schema];
        var bound = Assert.IsType<RequestRead<BatchRequest>.Accepted>(Bind(Batch(schemas)));
        var items = bound.Request.Activities!;
        Assert.Equal(schemas.Select(schema => schema.Trim()), items.Select(item => Encoding.UTF8.GetString(item.Request!.ReturnSchema.Utf8.Span)));
        Assert.Equal(schemas.Select((_, index) => $"step-{index}"), items.Select(item => item.Request!.ActivityId));
        Assert.All(items, item => Assert.Equal("eu", item.Request!.Labels!["region"]));
    }

    [Fact]
    public void Any_byte_that_is_changed_or_missing_is_judged_as_in_any_other_document()
    {
        var sound = Encoding.UTF8.GetBytes(Batch([Schema, Schema, "7", Schema]));
        var (accepted, refused) = (0, 0);
        for (var place = 0; place < sound.Length; place++)
        {
            byte[][] changed =
            [
                [.. sound[..place], .. sound[(place + 1)..]],
                .. "\"\\{}[],: 0a\u0001\u0080"u8.ToArray().Select(other => (byte[])[.. sound[..place], other, .. sound[(place + 1)..]]),
            ];
            foreach (var text in changed)
            {
                var expected = Describe(RequestBinder.Bind<BatchRequest>(text, Options));
                Assert.Equal(expected, Describe(BatchDocument.Bind(text, Options)));
                _ = expected[0] == '+' ? accepted++ : refused++;
            }
        }

        Assert.True(accepted > 100 && refused > 100, $"{accepted} accepted, {refused} refused");
    }

    [Theory]
    [InlineData("""{"activities":[{"workflowId":"w","activityId":"a"}],"activities":[{"workflowId":"w","activityId":"b"}]}""")]
    [InlineData("""{"activities":[],"activities":[{"workflowId":"w","activityId":"b"}]}""")]
    [InlineData("""{"activities":[{"workflowId":"w","activityId":"a"}],"\u0061ctivities":[]}""")]
    [InlineData("""{"activities":[{"workflowId":"w","activityId":"a","activityId":"b"}]}""")]
    [InlineData("""{"activities":[{"workflowId":"w","activityId":"\ud800"}]}""")]
    [InlineData("""{"activities":[{"workflowId":"w","returnSchema":SCHEMA},{"workflowId":"w","returnSchema":SCHEMA,"returnSchema":SCHEMA}]}""")]
    [InlineData("""{"activities":[{"workflowId":"w","returnSchema":SCHEMA},{"workflowId":"w","returnSchema":SCHEMA}]}}""")]
    public void A_text_that_is_no_strict_JSON_is_refused_as_a_whole(string text)
    {
        var refused = Assert.IsType<RequestRead<BatchRequest>.Refused>(Bind(text.Replace("SCHEMA", Schema, StringComparison.Ordinal)));
        Assert.Equal("malformed-json", refused.Problem.ProblemDetails.Extensions["code"]);
    }

    [Theory]
    [InlineData("\uFEFF{\"activities\":[{\"workflowId\":\"w\",\"activityId\":\"a\"}]}")]
    [InlineData(" {\n\"activities\" :\t[ {\"workflowId\":\"w\",\"activityId\":\"a\"} ] }\r\n")]
    [InlineData("""{"\u0061ctivities":[{"workflowId":"w","activityId":"a"}]}""")]
    public void A_batch_may_be_spelled_unusually(string text)
    {
        var bound = Assert.IsType<RequestRead<BatchRequest>.Accepted>(Bind(text));
        Assert.Equal("a", Assert.Single(bound.Request.Activities!).Request!.ActivityId);
    }

    [Theory]
    [InlineData(60, true)]
    [InlineData(61, true)]
    [InlineData(62, false)]
    public void Items_may_be_nested_as_deep_as_in_any_other_document(int levels, bool accepted)
    {
        var schema = string.Concat(Enumerable.Repeat("{\"not\":", levels - 1)) + "{}" + new string('}', levels - 1);
        var text = Encoding.UTF8.GetBytes(Batch([schema, schema]));
        Assert.Equal(accepted, BatchDocument.Bind(text, Options) is RequestRead<BatchRequest>.Accepted);
        Assert.Equal(Describe(RequestBinder.Bind<BatchRequest>(text, Options)), Describe(BatchDocument.Bind(text, Options)));
    }

    private static string Batch(IEnumerable<string> schemas)
    {
        var items = schemas.Select((schema, index) =>
            $$"""{"workflowId":"w","activityId":"step-{{index}}","labels":{"region":"eu"},"returnSchema":{{schema}} }""");
        return "{\"activities\":[" + string.Join(" , ", items) + "]}";
    }

    private static RequestRead<BatchRequest> Bind(string text) => BatchDocument.Bind(Encoding.UTF8.GetBytes(text), Options);

    private static string Describe(RequestRead<BatchRequest> read) => read switch
    {
        RequestRead<BatchRequest>.Refused refused => "-" + JsonSerializer.Serialize(refused.Problem.ProblemDetails, Options),
        RequestRead<BatchRequest>.Accepted { Request.Activities: { } items } =>
            "+" + string.Join('\n', items.Select(item => JsonSerializer.Serialize(item.Request, Options) + Encoding.UTF8.GetString(item.Text.Utf8.Span))),
        _ => "+null",
    };

    private static JsonSerializerOptions Conventions()
    {
        var options = new Microsoft.AspNetCore.Http.Json.JsonOptions().SerializerOptions;
        JsonConventions.Apply(options);
        options.TypeInfoResolverChain.Insert(0, HotJson.Default);
        return options;
    }
}
