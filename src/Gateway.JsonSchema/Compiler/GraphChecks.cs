using Gateway.JsonSchema.Plans;

namespace Gateway.JsonSchema.Compiler;

/// <summary>
/// What must hold of the graph before it may be walked: no circle through nodes at the same value (it would never end), no such chain
/// deeper than the stack allows, and no fan-out of paths that would multiply the work.
/// </summary>
internal static class GraphChecks
{
    /// <summary>Subschemas that may apply to one value one inside the other.</summary>
    public const int MaxInPlaceDepth = 200;

    private enum State : byte
    {
        New,
        Open,
        Done,
    }

    /// <summary>Checks the graph and, on the way up, finds out which nodes mark members as evaluated.</summary>
    /// <returns>The nodes, each after all that apply to the same value; incomplete when errors were added.</returns>
    public static List<Node> Run(IReadOnlyCollection<Node> nodes, SchemaOptions options, SchemaErrors errors)
    {
        var ordered = new List<Node>(nodes.Count);
        var states = new State[nodes.Count];
        var paths = new long[nodes.Count];
        var depths = new int[nodes.Count];
        var open = new Stack<(Node Node, IEnumerator<Node> Inner)>();
        foreach (var start in nodes)
        {
            if (states[start.Number] == State.New)
            {
                Enter(start);
            }

            while (open.TryPeek(out var top))
            {
                if (!top.Inner.MoveNext())
                {
                    open.Pop();
                    Leave(top.Node);
                }
                else if (states[top.Inner.Current.Number] == State.New)
                {
                    Enter(top.Inner.Current);
                }
                else if (states[top.Inner.Current.Number] == State.Open)
                {
                    errors.Add(top.Node.Place.Resource.Document, top.Node.Place.Row,
                        "This schema refers to itself for one and the same value: it would never end.");
                    return ordered;
                }
            }
        }

        return ordered;

        void Enter(Node node)
        {
            states[node.Number] = State.Open;
            open.Push((node, node.InPlace().GetEnumerator()));
        }

        void Leave(Node node)
        {
            states[node.Number] = State.Done;
            ordered.Add(node);
            paths[node.Number] = 1;
            foreach (var inner in node.InPlace())
            {
                // Both stay far below overflow: a refused count is not added up any further.
                paths[node.Number] = Math.Min(paths[node.Number] + paths[inner.Number], int.MaxValue);
                depths[node.Number] = Math.Max(depths[node.Number], depths[inner.Number] + 1);
                node.Marks |= inner.Marks;
            }

            node.Marks |= MarksByItself(node);
            Judge(node, paths[node.Number], depths[node.Number]);
        }

        void Judge(Node node, long count, int depth)
        {
            var (document, row) = (node.Place.Resource.Document, node.Place.Row);
            if (count > options.MaxInPlacePaths)
            {
                errors.Add(document, row, $"References and combinations apply more than {options.MaxInPlacePaths} subschemas to one value here.");
            }

            if (depth > MaxInPlaceDepth)
            {
                errors.Add(document, row, $"References and combinations are nested more than {MaxInPlaceDepth} deep here.");
            }
        }
    }

    private static bool MarksByItself(Node node) =>
        node.Objects is { } objects && (objects.Additional is not null || objects.Unevaluated is not null || objects.Patterns.Length > 0
            || objects.Properties.Any(property => property is not null))
        || node.Arrays is { } arrays && (arrays.Prefix.Length > 0 || arrays.Rest is not null || arrays.Unevaluated is not null
            || (arrays.Contains is not null && arrays.ContainsMarks));
}
