namespace Gateway.JsonSchema.Patterns.Syntax;

/// <summary>
/// Rewrites a pattern without back-references into fewer kinds of nodes with the same matches: no capture groups, no sequence within a
/// sequence, no repetition of what consumes nothing.
/// </summary>
internal static class PatternSimplifier
{
    internal static PatternNode Simplify(PatternNode node) => node switch
    {
        PatternNode.Group group => Simplify(group.Body),
        PatternNode.Sequence sequence => SimplifySequence(sequence),
        PatternNode.Choice choice => SimplifyChoice(choice),
        PatternNode.Repeat repeat => SimplifyRepeat(repeat),
        PatternNode.Look look => new PatternNode.Look(Simplify(look.Body), look.Behind, look.Negative),
        _ => node,
    };

    /// <summary>A sequence that holds no sequence and no empty part; one part stands for itself.</summary>
    internal static PatternNode Join(IEnumerable<PatternNode> parts)
    {
        var flat = new List<PatternNode>();
        foreach (var part in parts)
        {
            if (part is PatternNode.Sequence inner)
            {
                flat.AddRange(inner.Parts);
            }
            else if (part is not PatternNode.Empty)
            {
                flat.Add(part);
            }
        }

        return flat switch
        {
            [] => PatternNode.Empty.Instance,
            [var only] => only,
            _ => new PatternNode.Sequence([.. flat]),
        };
    }

    private static PatternNode SimplifySequence(PatternNode.Sequence sequence) => Join(sequence.Parts.Select(Simplify));

    private static PatternNode.Choice SimplifyChoice(PatternNode.Choice choice) => new([.. choice.Branches.Select(Simplify)]);

    private static PatternNode SimplifyRepeat(PatternNode.Repeat repeat)
    {
        var body = Simplify(repeat.Body);
        if (repeat.Max == 0 || body is PatternNode.Empty)
        {
            return PatternNode.Empty.Instance;
        }

        if (repeat is { Min: 1, Max: 1 })
        {
            return body;
        }

        // What consumes nothing holds as often as it holds once.
        return ConsumesNothing(body)
            ? repeat.Min == 0 ? PatternNode.Empty.Instance : body
            : new PatternNode.Repeat(body, repeat.Min, repeat.Max, repeat.Lazy);
    }

    private static bool ConsumesNothing(PatternNode node) => node switch
    {
        PatternNode.OneOf => false,
        PatternNode.Sequence sequence => sequence.Parts.All(ConsumesNothing),
        PatternNode.Choice choice => choice.Branches.All(ConsumesNothing),
        PatternNode.Repeat repeat => ConsumesNothing(repeat.Body),
        _ => true,
    };
}
