using System.Text;
using System.Text.Json;
using Gateway.JsonSchema.Formats;
using Gateway.JsonSchema.Patterns;

namespace Gateway.JsonSchema.Tests.Formats;

/// <summary>The strings of the official suite's format and pattern files, judged without the evaluator.</summary>
public sealed class SuiteTests
{
    public static TheoryData<string> Drafts => ["draft2020-12", "draft2019-09", "draft7"];

    [SuiteTheory]
    [MemberData(nameof(Drafts))]
    public void Every_string_of_the_format_files_is_judged_as_the_suite_says(string draft)
    {
        var (judged, wrong) = (0, new List<string>());
        foreach (var (file, schema, data, valid, description) in Cases(draft, Path.Combine("optional", "format")))
        {
            var check = FormatChecks.Find(schema.GetProperty("format").GetString()!);
            judged++;
            if ((check is null || check(Encoding.UTF8.GetBytes(data))) != valid)
            {
                wrong.Add($"{file}: {description} {data}");
            }
        }

        Assert.Empty(wrong);
        Assert.InRange(judged, 500, int.MaxValue);
    }

    [SuiteTheory]
    [MemberData(nameof(Drafts))]
    public void Every_string_of_the_pattern_files_is_judged_as_the_suite_says(string draft)
    {
        var (judged, wrong) = (0, new List<string>());
        foreach (var (file, schema, data, valid, description) in Cases(draft, "optional").Concat(Cases(draft, "pattern.json")))
        {
            if (!schema.TryGetProperty("pattern", out var pattern) || Compile(pattern) is not { } compiled)
            {
                continue;
            }

            judged++;
            if (compiled.IsMatch(Encoding.UTF8.GetBytes(data)) != (valid ? PatternMatch.Match : PatternMatch.NoMatch))
            {
                wrong.Add($"{file}: {description} {pattern} {data}");
            }
        }

        Assert.Empty(wrong);
        Assert.InRange(judged, 50, int.MaxValue);
    }

    private static Pattern? Compile(JsonElement pattern) =>
        (PatternCompiler.Compile(pattern.GetString()!, PatternOptions.Default) as PatternResult.Compiled)?.Pattern;

    private static IEnumerable<(string File, JsonElement Schema, string Data, bool Valid, string Description)> Cases(string draft, string place)
    {
        var path = Path.Combine(SuiteTheoryAttribute.Suite!, "tests", draft, place);
        foreach (var file in File.Exists(path) ? [path] : Directory.EnumerateFiles(path, "*.json"))
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(file));
            foreach (var group in document.RootElement.EnumerateArray().Where(group => group.GetProperty("schema").ValueKind == JsonValueKind.Object))
            {
                foreach (var test in group.GetProperty("tests").EnumerateArray().Where(test => test.GetProperty("data").ValueKind == JsonValueKind.String))
                {
                    yield return (Path.GetFileName(file), group.GetProperty("schema"), test.GetProperty("data").GetString()!,
                        test.GetProperty("valid").GetBoolean(), test.GetProperty("description").GetString()!);
                }
            }
        }
    }
}
