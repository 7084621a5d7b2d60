using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using Gateway.JsonSchema.Patterns;
using Gateway.JsonSchema.Patterns.Linear;

namespace Gateway.JsonSchema.Tests.Patterns;

/// <summary>Random patterns judged by us and by node's <c>RegExp</c> with the <c>u</c> flag, which is what ECMA-262 says in code.</summary>
public sealed class NodeDifferentialTests
{
    private const int Patterns = 800;
    private const int TextsPerPattern = 12;

    // node 20 may begin a match between the two halves of a surrogate pair, which AdvanceStringIndex of ECMA-262 rules out; a prefix that
    // consumes whole code points keeps it from doing so.
    private const string Script = """
        let text = '';
        process.stdin.on('data', part => text += part).on('end', () => process.stdout.write(JSON.stringify(JSON.parse(text).map(([pattern, ...values]) => {
            try { new RegExp(pattern, 'u'); const regExp = new RegExp('^[^]*?(?:' + pattern + ')', 'u'); return values.map(value => regExp.test(value)); } catch { return null; }
        }))));
        """;

    [NodeFact]
    public void Patterns_without_back_references_answer_as_in_node() => Compare(RandomPatterns.Linear, PatternOptions.Default);

    [NodeFact]
    public void Patterns_with_back_references_answer_as_in_node() => Compare(RandomPatterns.Referring, PatternProbe.Backtracking);

    [NodeFact]
    public void The_backtracking_search_answers_as_node_where_the_linear_engine_is_not_asked()
    {
        // The reference at the end is to a group that cannot have been passed, so it changes nothing but the engine.
        Compare(RandomPatterns.Linear.Select(pattern => $"(?:{pattern})(?:(?!)(?<z>)|\\k<z>)"), PatternProbe.Backtracking);
    }

    private static void Compare(Gen<string> patterns, PatternOptions options)
    {
        // Beyond this number the linear engine refuses look-around; node does not.
        var cases = patterns.Where(pattern => Regex.Count(pattern, @"\(\?<?[=!]") <= LookAroundPattern.MaxLooks).Zip(Gen.ListOf(RandomPatterns.AnyText, TextsPerPattern), (pattern, texts) => (string[])[pattern, .. texts]).Sample(Patterns, 24).ToArray();
        var answers = AskNode(cases);
        Assert.Equal(cases.Length, answers.Length);
        for (var i = 0; i < cases.Length; i++)
        {
            var ours = Judge(cases[i], options);
            Assert.True(
                ours is null ? answers[i] is null : answers[i] is not null && ours.SequenceEqual(answers[i]!),
                $"{JsonSerializer.Serialize(cases[i])}: node says {JsonSerializer.Serialize(answers[i])}, we say {JsonSerializer.Serialize(ours)}");
        }
    }

    private static bool[]? Judge(string[] one, PatternOptions options) => PatternCompiler.Compile(one[0], options) switch
    {
        PatternResult.Compiled compiled => [.. one[1..].Select(text => PatternProbe.Matches(compiled.Pattern, text))],
        PatternResult.Refused refused when refused.Reason.Contains("not a regular expression", StringComparison.Ordinal) => null,
        var other => throw new InvalidOperationException($"{one[0]}: {other}"),
    };

    private static bool[]?[] AskNode(string[][] cases)
    {
        var start = new ProcessStartInfo(NodeFactAttribute.Node!)
        {
            ArgumentList = { "-e", Script },
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            StandardOutputEncoding = Encoding.UTF8,
        };
        using var node = Process.Start(start)!;
        node.StandardInput.Write(JsonSerializer.Serialize(cases));
        node.StandardInput.Close();
        var answer = node.StandardOutput.ReadToEnd();
        node.WaitForExit();
        return JsonSerializer.Deserialize<bool[]?[]>(answer)!;
    }
}
