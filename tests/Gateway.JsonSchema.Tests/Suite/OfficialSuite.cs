using System.Text;
using System.Text.Json;
using Gateway.JsonSchema.Tests.Support;

namespace Gateway.JsonSchema.Tests.Suite;

/// <summary>Reads the official JSON Schema test suite. Schemas and data are handed on as the raw text of the file.</summary>
internal static class OfficialSuite
{
    public const string Folder = "json-schema-test-suite";

    private static readonly Lazy<Dictionary<string, byte[]>> Remotes = new(ReadRemotes);

    public static SchemaOptions Options(string draft, bool assertFormat) => new()
    {
        AssertFormat = assertFormat,
        DefaultDraft = draft switch
        {
            "draft7" => Draft.V7,
            "draft2019-09" => Draft.V201909,
            _ => Draft.V202012,
        },
        Documents = Remotes.Value,
    };

    public static IEnumerable<SuiteGroup> Groups(string draft, string part)
    {
        var folder = Path.Combine(SharedData.Find(Folder)!, "tests", draft, part);
        foreach (var file in Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal))
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(file));
            foreach (var group in document.RootElement.EnumerateArray())
            {
                yield return new SuiteGroup(
                    $"{Path.GetFileNameWithoutExtension(file)}: {group.GetProperty("description").GetString()}",
                    Raw(group.GetProperty("schema")),
                    [.. group.GetProperty("tests").EnumerateArray().Select(test => new SuiteCase(
                        test.GetProperty("description").GetString()!, Raw(test.GetProperty("data")), test.GetProperty("valid").GetBoolean()))]);
            }
        }
    }

    private static byte[] Raw(JsonElement element) => Encoding.UTF8.GetBytes(element.GetRawText());

    private static Dictionary<string, byte[]> ReadRemotes()
    {
        var folder = Path.Combine(SharedData.Find(Folder)!, "remotes");
        return Directory.EnumerateFiles(folder, "*.json", SearchOption.AllDirectories).ToDictionary(
            file => "http://localhost:1234/" + Path.GetRelativePath(folder, file).Replace('\\', '/'), File.ReadAllBytes);
    }
}

internal sealed record SuiteGroup(string Description, byte[] Schema, IReadOnlyList<SuiteCase> Cases);

internal sealed record SuiteCase(string Description, byte[] Data, bool Valid);
