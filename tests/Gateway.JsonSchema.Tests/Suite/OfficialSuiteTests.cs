using Gateway.JsonSchema.Tests.Support;

namespace Gateway.JsonSchema.Tests.Suite;

public sealed class OfficialSuiteTests
{
    /// <summary>
    /// Groups of draft 7's optional tests that assert <c>contentEncoding</c> and <c>contentMediaType</c>. They are annotations here in every draft:
    /// draft-handrews-json-schema-validation-01, section 8.2, says that implementations "MAY" support them as assertions; the same section of 2019-09 and
    /// 2020-12 (draft-handrews-json-schema-validation-02, draft-bhutton-json-schema-validation-00) says that they must not by default.
    /// </summary>
    private static readonly string[] AssertedContent =
    [
        "content: validation of string-encoded content based on media type",
        "content: validation of binary string-encoding",
        "content: validation of binary-encoded media type documents",
    ];

    [SharedDataTheory(OfficialSuite.Folder)]
    [InlineData("draft2020-12", "", 1299, 765)]
    [InlineData("draft2020-12", "optional", 162, 87)]
    [InlineData("draft2020-12", "optional/format", 764, 376)]
    [InlineData("draft2019-09", "", 1259, 739)]
    [InlineData("draft2019-09", "optional", 158, 85)]
    [InlineData("draft2019-09", "optional/format", 757, 371)]
    [InlineData("draft7", "", 927, 550)]
    [InlineData("draft7", "optional", 118, 61)]
    [InlineData("draft7", "optional/format", 676, 328)]
    public void The_official_suite_passes_completely(string draft, string part, int tests, int valid)
    {
        var options = OfficialSuite.Options(draft, assertFormat: part == "optional/format");
        var failures = new List<string>();
        var (run, expectedValid) = (0, 0);
        foreach (var group in OfficialSuite.Groups(draft, part))
        {
            run += group.Cases.Count;
            expectedValid += group.Cases.Count(test => test.Valid);
            failures.AddRange(Run(group, options).Where(_ => !AssertedContent.Contains(group.Description)));
        }

        Assert.True(failures.Count == 0, $"{failures.Count} of {run} failed:\n{string.Join('\n', failures.Take(40))}");
        Assert.Equal((tests, valid), (run, expectedValid));
    }

    private static IEnumerable<string> Run(SuiteGroup group, SchemaOptions options)
    {
        if (JsonSchema.Compile(group.Schema, options) is not CompileResult.Compiled compiled)
        {
            var refused = (CompileResult.Refused)JsonSchema.Compile(group.Schema, options);
            return group.Cases.Select(_ => $"{group.Description}: refused at '{refused.Errors[0].Location}': {refused.Errors[0].Message}");
        }

        return group.Cases
            .Select(test => (test, verdict: compiled.Schema.Validate(test.Data)))
            .Where(pair => !Agrees(pair.test, pair.verdict))
            .Select(pair => $"{group.Description}: {pair.test.Description}: {pair.verdict.Kind}, {pair.verdict.Violations.Count} violations");
    }

    // An invalid instance without a single violation would be a hole in the collecting pass.
    private static bool Agrees(SuiteCase test, Verdict verdict) => test.Valid
        ? verdict is { Kind: VerdictKind.Valid, Violations.Count: 0 }
        : verdict is { Kind: VerdictKind.Invalid, Violations.Count: > 0 };
}
