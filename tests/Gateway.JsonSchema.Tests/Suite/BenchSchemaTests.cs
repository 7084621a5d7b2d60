using System.Text.Json;
using Gateway.JsonSchema.Tests.Support;

namespace Gateway.JsonSchema.Tests.Suite;

/// <summary>The six realistic schemas: verdicts, and for invalid instances the place and keyword that must be among the violations.</summary>
public sealed class BenchSchemaTests
{
    private const string Folder = "bench-schemas";

    [SharedDataFact(Folder)]
    public void Every_instance_gets_its_verdict_and_fails_where_it_should()
    {
        var folder = SharedData.Find(Folder)!;
        using var index = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "index.json")));
        var cases = 0;
        foreach (var entry in index.RootElement.EnumerateArray())
        {
            var name = entry.GetProperty("name").GetString()!;
            var result = JsonSchema.Compile(File.ReadAllBytes(Path.Combine(folder, name, "schema.json")));
            var schema = Assert.IsType<CompileResult.Compiled>(result).Schema;
            foreach (var test in entry.GetProperty("cases").EnumerateArray())
            {
                Check(name, test, schema.Validate(File.ReadAllBytes(Path.Combine(folder, name, test.GetProperty("file").GetString()!))));
                cases++;
            }
        }

        Assert.Equal(42, cases);
    }

    private static void Check(string name, JsonElement test, Verdict verdict)
    {
        var place = $"{name}/{test.GetProperty("file").GetString()}";
        Assert.True(test.GetProperty("valid").GetBoolean() == (verdict.Kind == VerdictKind.Valid), $"{place}: {verdict.Kind}");
        if (verdict.Kind == VerdictKind.Valid)
        {
            return;
        }

        var (failsAt, keyword) = (test.GetProperty("failsAt").GetString(), test.GetProperty("keyword").GetString()!);
        Assert.True(
            verdict.Violations.Any(violation => violation.InstanceLocation == failsAt && violation.KeywordLocation.EndsWith("/" + keyword, StringComparison.Ordinal)),
            $"{place}: {failsAt} {keyword} is not among\n{string.Join('\n', verdict.Violations)}");
    }
}
