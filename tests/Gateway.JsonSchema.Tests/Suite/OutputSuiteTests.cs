using System.Buffers;
using System.Text;
using System.Text.Json;
using Gateway.JsonSchema.Tests.Support;

namespace Gateway.JsonSchema.Tests.Suite;

/// <summary>The suite's tests of the <c>basic</c> output: each holds our output against a schema of its own.</summary>
public sealed class OutputSuiteTests
{
    [SharedDataFact(OfficialSuite.Folder)]
    public void The_basic_output_fits_what_the_suite_asks_of_it()
    {
        var folder = Path.Combine(SharedData.Find(OfficialSuite.Folder)!, "output-tests", "draft2020-12");
        var options = OfficialSuite.Options("draft2020-12", assertFormat: false) with
        {
            Documents = new Dictionary<string, byte[]>
            {
                ["https://json-schema.org/draft/2020-12/output/schema"] = File.ReadAllBytes(Path.Combine(folder, "output-schema.json")),
            },
        };
        var run = 0;
        foreach (var file in Directory.EnumerateFiles(Path.Combine(folder, "content"), "*.json"))
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(file));
            foreach (var group in document.RootElement.EnumerateArray())
            {
                var schema = Schemas.Compile(group.GetProperty("schema").GetRawText());
                foreach (var test in group.GetProperty("tests").EnumerateArray())
                {
                    Check(schema, test, options);
                    run++;
                }
            }
        }

        Assert.Equal(4, run);
    }

    [Fact]
    public void Annotations_come_only_from_what_fits_and_what_was_reached()
    {
        var schema = Schemas.Compile(
            """
            {"title":"root","anyOf":[{"type":"object","description":"fits"},{"type":"array","description":"does not"}],
             "properties":{"a":{"format":"date"}},"unevaluatedProperties":{"deprecated":true},"$defs":{"unused":{"title":"unused"}}}
            """);
        var output = Write(schema, """{"a":"2026-01-01","b":1}""");
        var found = output.RootElement.GetProperty("annotations").EnumerateArray()
            .Select(unit => $"{unit.GetProperty("instanceLocation")} {unit.GetProperty("keywordLocation")} {unit.GetProperty("annotation").GetRawText()}");
        Assert.Equal(
            [" /title \"root\"", "/a /properties/a/format \"date\"", " /anyOf/0/description \"fits\"", "/b /unevaluatedProperties/deprecated true"], found);
    }

    private static void Check(JsonSchema schema, JsonElement test, SchemaOptions options)
    {
        using var output = Write(schema, test.GetProperty("data").GetRawText());
        var expectation = Schemas.Compile(test.GetProperty("output").GetProperty("basic").GetRawText(), options);
        var verdict = expectation.Validate(output.RootElement.GetRawText());
        Assert.True(verdict.Kind == VerdictKind.Valid, $"{test.GetProperty("description")}: {output.RootElement}\n{string.Join('\n', verdict.Violations)}");
    }

    private static JsonDocument Write(JsonSchema schema, string instance)
    {
        var buffer = new ArrayBufferWriter<byte>();
        schema.WriteBasicOutput(Encoding.UTF8.GetBytes(instance), buffer);
        return JsonDocument.Parse(buffer.WrittenMemory);
    }
}
