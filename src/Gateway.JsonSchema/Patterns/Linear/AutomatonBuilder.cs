using System.Diagnostics;
using Gateway.JsonSchema.Patterns.Syntax;
using Gateway.JsonSchema.Patterns.Unicode;

namespace Gateway.JsonSchema.Patterns.Linear;

/// <summary>
/// Builds automata from a simplified pattern: one for the pattern, one for each look-around in it. Look-ahead is scanned from the end
/// of the string backwards, so its automaton runs the reversed body.
/// </summary>
internal sealed class AutomatonBuilder
{
    private readonly Dictionary<CodePointSet, int> _setNumbers = [];
    private readonly Dictionary<PatternNode.Look, int> _lookNumbers = [];
    private readonly List<LookScan> _looks = [];
    private readonly ulong[][] _sets;
    private readonly CharacterClasses _classes;

    internal AutomatonBuilder(IReadOnlyCollection<CodePointSet> sets, CharacterClasses classes)
    {
        _classes = classes;
        _sets = new ulong[sets.Count][];
        foreach (var set in sets)
        {
            _sets[_setNumbers.Count] = classes.Within(set);
            _setNumbers.Add(set, _setNumbers.Count);
        }
    }

    /// <summary>The look-arounds met so far, inner ones before those that hold them.</summary>
    internal IReadOnlyList<LookScan> Looks => _looks;

    internal Automaton Build(PatternNode root, bool backward)
    {
        var body = new Body(this, backward);
        var start = body.Add(root, body.Add(NodeKind.Accept, 0));
        return new Automaton([.. body.Nodes], start, _sets, body.LookMask);
    }

    private int NumberOf(PatternNode.Look look)
    {
        if (!_lookNumbers.TryGetValue(look, out var number))
        {
            var automaton = Build(look.Body, backward: !look.Behind);
            number = _looks.Count;
            _looks.Add(new LookScan(new LazyAutomaton(automaton, _classes, everyPlace: true), Backward: !look.Behind));
            _lookNumbers.Add(look, number);
        }

        return number;
    }

    /// <summary>The nodes of one automaton, built from its end towards its start.</summary>
    private sealed class Body(AutomatonBuilder owner, bool backward)
    {
        internal List<Node> Nodes { get; } = [];

        internal byte LookMask { get; private set; }

        internal int Add(NodeKind kind, int next, int other = 0)
        {
            Nodes.Add(new Node(kind, next, other));
            return Nodes.Count - 1;
        }

        internal int Add(PatternNode node, int next) => node switch
        {
            PatternNode.Empty => next,
            PatternNode.OneOf one => Add(NodeKind.Consume, next, owner._setNumbers[one.Set]),
            PatternNode.Sequence sequence => AddSequence(sequence, next),
            PatternNode.Choice choice => AddChoice(choice, next),
            PatternNode.Repeat repeat => AddRepeat(repeat, next),
            PatternNode.Anchor anchor => Add(KindOf(anchor.Kind), next),
            PatternNode.Look look => AddLook(look, next),
            _ => throw new UnreachableException(),
        };

        private int AddSequence(PatternNode.Sequence sequence, int next)
        {
            IEnumerable<PatternNode> fromLast = backward ? sequence.Parts : sequence.Parts.Reverse();
            return fromLast.Aggregate(next, (following, part) => Add(part, following));
        }

        private int AddChoice(PatternNode.Choice choice, int next)
        {
            var entry = Add(choice.Branches[^1], next);
            for (var i = choice.Branches.Length - 2; i >= 0; i--)
            {
                entry = Add(NodeKind.Fork, Add(choice.Branches[i], next), entry);
            }

            return entry;
        }

        private int AddRepeat(PatternNode.Repeat repeat, int next)
        {
            var entry = next;
            if (repeat.Max == PatternNode.Repeat.Unbounded)
            {
                entry = Add(NodeKind.Fork, 0, next);
                Nodes[entry] = Nodes[entry] with { Next = Add(repeat.Body, entry) };
            }
            else
            {
                for (var optional = repeat.Max - repeat.Min; optional > 0; optional--)
                {
                    entry = Add(NodeKind.Fork, Add(repeat.Body, entry), next);
                }
            }

            for (var required = repeat.Min; required > 0; required--)
            {
                entry = Add(repeat.Body, entry);
            }

            return entry;
        }

        private int AddLook(PatternNode.Look look, int next)
        {
            var number = owner.NumberOf(look);
            LookMask |= (byte)(1 << number);
            return Add(look.Negative ? NodeKind.LookFails : NodeKind.LookHolds, next, number);
        }

        // Scanned backwards, the text's end is where the scan begins.
        private NodeKind KindOf(AnchorKind kind) => kind switch
        {
            AnchorKind.Start => backward ? NodeKind.AtEnd : NodeKind.AtStart,
            AnchorKind.End => backward ? NodeKind.AtStart : NodeKind.AtEnd,
            AnchorKind.WordBoundary => NodeKind.WordBoundary,
            _ => NodeKind.NotWordBoundary,
        };
    }
}
