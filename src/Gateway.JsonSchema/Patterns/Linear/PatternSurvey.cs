using Gateway.JsonSchema.Patterns.Syntax;
using Gateway.JsonSchema.Patterns.Unicode;

namespace Gateway.JsonSchema.Patterns.Linear;

/// <summary>What building the automata of a pattern would take, found out before anything is built.</summary>
internal sealed class PatternSurvey
{
    private PatternSurvey()
    {
    }

    /// <summary>The different sets of the pattern, and what <c>\b</c> tells apart.</summary>
    internal HashSet<CodePointSet> Sets { get; } = [];

    /// <summary>How many nodes all automata would have, counted repetitions written out.</summary>
    internal long Nodes { get; private set; }

    internal int Looks { get; private set; }

    internal static PatternSurvey Of(PatternNode root)
    {
        var survey = new PatternSurvey();
        survey.Nodes += survey.Visit(root) + 1;
        return survey;
    }

    private long Visit(PatternNode node) => node switch
    {
        PatternNode.OneOf one => VisitSet(one.Set),
        PatternNode.Sequence sequence => sequence.Parts.Sum(Visit),
        PatternNode.Choice choice => choice.Branches.Sum(branch => Visit(branch) + 1) - 1,
        PatternNode.Repeat repeat => VisitRepeat(repeat),
        PatternNode.Anchor anchor => VisitAnchor(anchor.Kind),
        PatternNode.Look look => VisitLook(look),
        _ => 0,
    };

    private long VisitSet(CodePointSet set)
    {
        Sets.Add(set);
        return 1;
    }

    private long VisitAnchor(AnchorKind kind) =>
        kind is AnchorKind.WordBoundary or AnchorKind.NotWordBoundary ? VisitSet(UnicodeProperties.Word) : 1;

    private long VisitLook(PatternNode.Look look)
    {
        Looks++;
        Nodes += Visit(look.Body) + 1;
        return 1;
    }

    // Nested repetitions multiply; what is past any limit may stay there.
    private long VisitRepeat(PatternNode.Repeat repeat)
    {
        var body = Visit(repeat.Body);
        long required = repeat.Min;
        var optional = repeat.Max == PatternNode.Repeat.Unbounded ? 1L : repeat.Max - repeat.Min;
        return Math.Min(int.MaxValue, body * required + (body + 1) * optional);
    }
}
