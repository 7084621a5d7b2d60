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

    /// <summary>Nodes and boundaries of the sets together; see <see cref="PatternResult.Compiled"/>.</summary>
    internal int Size => (int)Math.Min(int.MaxValue, Nodes + Sets.Sum(set => (long)set.Boundaries.Length));

    internal static PatternSurvey Of(PatternNode root)
    {
        var survey = new PatternSurvey();
        survey.AddAutomaton(root);
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
        AddAutomaton(look.Body);
        return 1;
    }

    private void AddAutomaton(PatternNode root)
    {
        // Look-around inside adds its own automaton meanwhile, so the sum must not be read before.
        var nodes = Visit(root) + 1;
        Nodes += nodes;
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
