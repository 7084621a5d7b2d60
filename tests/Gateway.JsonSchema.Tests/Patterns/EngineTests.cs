using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Gateway.JsonSchema.Patterns;
using Gateway.JsonSchema.Patterns.Backtracking;
using Gateway.JsonSchema.Patterns.Direct;
using Gateway.JsonSchema.Patterns.Linear;

namespace Gateway.JsonSchema.Tests.Patterns;

/// <summary>Which engine runs what, and that they agree.</summary>
public sealed class EngineTests
{
    [Theory]
    [InlineData("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", typeof(FixedPattern))]
    [InlineData("^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$", typeof(SegmentPattern))]
    [InlineData("^[^/]+/[^/]+$", typeof(SegmentPattern))]
    [InlineData("^.{1,100}$", typeof(SegmentPattern))]
    [InlineData("^\\p{L}+$", typeof(SegmentPattern))]
    [InlineData("^https://", typeof(LiteralPattern))]
    [InlineData("colou?r", typeof(LinearPattern))]
    [InlineData("^(?:red|green|blue)$", typeof(LiteralChoicePattern))]
    [InlineData("[A-Z]", typeof(ContainsPattern))]
    [InlineData("a{9990}", typeof(RunPattern))]
    [InlineData(".*", typeof(AnyTextPattern))]
    [InlineData("^a+a$", typeof(LinearPattern))]
    [InlineData("^(?=.*\\d)(?!.*x).{8,}$", typeof(ConjunctionPattern))]
    [InlineData("^[a-z-]+(?<!-)$", typeof(ConjunctionPattern))]
    [InlineData("(?:(?!xx).)*y", typeof(LookAroundPattern))]
    public void The_simplest_engine_that_can_run_a_pattern_does(string pattern, Type engine) =>
        Assert.IsType(engine, PatternProbe.Compile(pattern));

    [Fact]
    public void Back_references_are_refused_unless_backtracking_is_allowed()
    {
        Assert.Equal("The pattern refers back to what a group has captured, which cannot be decided in linear time.", PatternProbe.RefusalOf("(a|b)\\1"));
        var pattern = Assert.IsType<BacktrackingPattern>(PatternProbe.Compile("^(a|b)\\1$", PatternProbe.Backtracking));
        Assert.True(PatternProbe.Matches(pattern, "bb"));
        Assert.False(PatternProbe.Matches(pattern, "ba"));
    }

    [Fact]
    public void An_automaton_too_large_is_refused_unless_backtracking_is_allowed()
    {
        const string Large = "(.{0,500}x){0,20}y";
        Assert.StartsWith("The pattern is too large: written out, its repetitions and alternatives need 20,042 automaton nodes; 10,000 are allowed.",
            PatternProbe.RefusalOf(Large), StringComparison.Ordinal);
        Assert.True(PatternProbe.Matches(PatternProbe.Compile(Large, PatternProbe.Backtracking), "axbxy"));
    }

    [Theory]
    [InlineData("(?:(?=a{4000}b|(?!a{4000}c))x)+(?<=a{4000}d)y")]
    [InlineData("^(?=(?:ab){4000})(?=(?:cd){4000}).*x")]
    public void The_automata_of_look_around_count_as_the_pattern_s_own(string pattern) =>
        Assert.Contains("automaton nodes; 10,000 are allowed", PatternProbe.RefusalOf(pattern), StringComparison.Ordinal);

    [Fact]
    public void A_search_that_reaches_its_time_limit_is_undecided_and_not_a_match()
    {
        var pattern = PatternProbe.Compile("^(?:(a+)+)+\\1$", new PatternOptions { AllowBacktracking = true, MatchTimeout = TimeSpan.Zero });
        Assert.Equal(PatternMatch.Undecided, pattern.IsMatch(Encoding.UTF8.GetBytes(new string('a', 40) + "!")));
    }

    [Theory]
    [InlineData("[ab]*a[ab]{100}c")]
    [InlineData("(?:.*x.{100}){3}y")]
    [InlineData("(?:(?=[ab]*a[ab]{200}c)[ab])*q")]
    [InlineData("(?:a?b?){2000}$x")]
    public void Automata_with_more_states_than_there_is_room_for_still_answer_or_give_up(string pattern)
    {
        var text = new byte[300_000];
        for (var (i, seed) = (0, 1u); i < text.Length; i++)
        {
            seed = seed * 1_664_525 + 1_013_904_223;
            text[i] = (byte)"abx"[(int)(seed >> 16) % 3];
        }

        Assert.NotEqual(PatternMatch.Match, PatternProbe.Compile(pattern).IsMatch(text));
    }

    [Theory]
    [InlineData("[ab]*a[ab]{100}c")]
    [InlineData("(?:(?=[ab]*a[ab]{200}c)[ab])*q")]
    public void A_search_beyond_a_shared_budget_is_undecided_and_known_states_cost_nothing(string source)
    {
        var pattern = PatternProbe.Compile(source);
        var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("abbaab", 20)));
        long budget = 50;
        Assert.Equal(PatternMatch.Undecided, pattern.IsMatch(text, ref budget));
        Assert.Equal(PatternMatch.NoMatch, pattern.IsMatch(text));
        budget = 0;
        Assert.Equal(PatternMatch.NoMatch, pattern.IsMatch(text, ref budget));
        Assert.Equal(0, budget);
    }

    [Fact]
    public void The_patterns_of_one_schema_share_a_bound_of_size()
    {
        var one = Assert.IsType<PatternResult.Compiled>(PatternCompiler.Compile("(?:ab?){1000}c", PatternOptions.Default));
        Assert.InRange(one.Size, 3_000, 3_100);
        Assert.Contains("are left", PatternProbe.RefusalOf("(?:ab?){1000}c", new PatternOptions { MaxSize = one.Size - 1 }), StringComparison.Ordinal);
        Assert.IsType<PatternResult.Compiled>(PatternCompiler.Compile("(?:ab?){1000}c", new PatternOptions { MaxSize = one.Size }));
    }

    [Fact]
    public void The_steps_of_a_backtracking_search_are_taken_from_the_budget()
    {
        var pattern = PatternProbe.Compile("^(a*)*\\1b$", PatternProbe.Backtracking);
        long budget = 1_000_000;
        Assert.Equal(PatternMatch.NoMatch, pattern.IsMatch("aaaaaaa"u8, ref budget));
        Assert.InRange(budget, long.MinValue, 999_900);
    }

    [Fact]
    public void Nested_repetition_takes_one_pass_over_the_string()
    {
        var pattern = PatternProbe.Compile("^(?:(a+)+)+$");
        var text = Encoding.UTF8.GetBytes(new string('a', 1_000_000) + "!");
        Assert.Equal(PatternMatch.NoMatch, pattern.IsMatch(text));
    }

    [Fact]
    public void A_warm_pattern_allocates_nothing()
    {
        var text = "joe.bloggs+some-slug@example.com ü 🐲"u8;
        foreach (var source in (string[])["^[^@\\s]+@", "(?:a|b|c)+x", "^.{1,100}$", "\\bslug\\b", "(?:(?!xx).)*y", "^(?=.*x)(?!.*yy)", "^\\p{L}+\\.", "[^]{5}🐲"])
        {
            var pattern = PatternProbe.Compile(source);
            pattern.IsMatch(text);
            var before = GC.GetAllocatedBytesForCurrentThread();
            pattern.IsMatch(text);
            Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        }
    }

    [Fact]
    public void Threads_that_share_a_pattern_while_its_states_are_made_all_get_the_same_answer()
    {
        var pattern = PatternProbe.Compile("(?:a|b)*a(?:a|b){10}c");
        var texts = Enumerable.Range(0, 4_096).Select(bits => Encoding.UTF8.GetBytes(
            string.Concat(Enumerable.Range(0, 12).Select(bit => (bits >> bit & 1) != 0 ? 'a' : 'b')) + "c")).ToArray();
        var answers = new int[texts.Length];
        Parallel.For(0, texts.Length * 4, i =>
        {
            if (pattern.IsMatch(texts[i % texts.Length]) == PatternMatch.Match)
            {
                Interlocked.Increment(ref answers[i % texts.Length]);
            }
        });

        // The place eleven before the 'c' is the second.
        Assert.All(answers, (count, bits) => Assert.Equal((bits >> 1 & 1) != 0 ? 4 : 0, count));
    }

    [Fact]
    public void Patterns_read_from_the_bytes_answer_as_their_automata()
    {
        var sets = Gen.Elements("a", "b", "[ab]", "[^a]", ".", "é", "[é🐲]", "\\p{L}", "\\d", "[^]", "🐲", "x", "(?:ab)", "-");
        var counts = Gen.Elements("", "", "+", "*", "?", "{2}", "{1,2}", "{2,}", "{0,3}");
        var parts = Gen.Choose(1, 4).SelectMany(count => Gen.ListOf(sets.Zip(counts, (set, times) => set + times), count)).Select(string.Concat);
        var patterns = parts.Zip(Gen.Elements("^", "^", "^", ""), (body, start) => start + body).Zip(Gen.Elements("$", "$", ""), (body, end) => body + end);
        Prop.ForAll(Arb.From(patterns.Zip(RandomPatterns.AnyText, (pattern, text) => (pattern, text))), one =>
        {
            // The empty class matches nothing, but it takes a choice and so an automaton.
            var automaton = PatternProbe.Compile($"(?:{one.pattern})|[]");
            Assert.IsType<LinearPattern>(automaton);
            return PatternProbe.Matches(one.pattern, one.text) == PatternProbe.Matches(automaton, one.text);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3_000));
    }
}
