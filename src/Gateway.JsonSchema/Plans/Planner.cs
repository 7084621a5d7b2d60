using System.Text;
using Gateway.JsonSchema.Numbers;
using Gateway.JsonSchema.Tape;

namespace Gateway.JsonSchema.Plans;

/// <summary>Prepares a checked graph for the fast pass. Nothing here changes what a node means.</summary>
internal static class Planner
{
    /// <param name="nodes">Every node after all nodes that apply to the same value.</param>
    public static void Run(IReadOnlyList<Node> nodes)
    {
        var all = new List<Node>(nodes);
        foreach (var node in nodes)
        {
            node.Direct = OnlyRefers(node) ? node.All[0].Node.Direct : node;
            if (node.Direct == node && Flattening.TryFlatten(node) is { } flat)
            {
                node.Direct = flat;
                all.Add(flat);
            }
        }

        foreach (var node in all)
        {
            Prepare(node);
        }

        foreach (var node in all)
        {
            if (node.Objects is { ByNameOnly: true } objects)
            {
                // Only now does every node know what it accepts.
                objects.Members = Member.Of(objects);
            }

            node.OneOfBy = FindDiscriminator(node.OneOf);
            node.AnyOfBy = FindDiscriminator(node.AnyOf);
        }
    }

    private static void Prepare(Node node)
    {
        if (node.Objects is { } objects)
        {
            objects.Direct = [.. objects.Properties.Select(property => property?.Direct)];
            objects.ByNameOnly = objects is
            {
                Names.Count: <= 64, Patterns.Length: 0, PropertyNames: null, Unevaluated: null, DependentRequired.Length: 0, DependentSchemas.Length: 0,
            };
            objects.RequiredMask = objects.Names.Count > 64 ? 0 : objects.Required.Aggregate(0UL, (mask, name) => mask | (1UL << name));
        }

        if (node.Arrays is { } arrays)
        {
            arrays.DirectPrefix = [.. arrays.Prefix.Select(item => item.Direct)];
        }

        node.Plan = PlanOf(node);
        node.Accepts = node.Types & node.Plan switch
        {
            Plan.TypeOnly => TypeSet.All,
            Plan.Number => TypeSet.All & ~TypeSet.Number,
            Plan.Text => TypeSet.All & ~TypeSet.String,
            Plan.Members => TypeSet.All & ~TypeSet.Object,
            Plan.Items => TypeSet.All & ~TypeSet.Array,
            _ => TypeSet.None,
        };
        node.Fitting = node.Plan is Plan.Number or Plan.TypeOnly ? FittingNumbers(node.Types, node.Numbers) : [];
    }

    private static CompactRanges.Range[] FittingNumbers(TypeSet types, NumberRules? rules)
    {
        var mostDecimals = (types & TypeSet.Number) != 0 ? int.MaxValue : (types & TypeSet.Integer) != 0 ? 0 : -1;
        var ranges = rules?.Ranges ?? new CompactRanges(null, null, null, null);
        return [.. ranges.ByScale.Select((range, scale) =>
            scale <= mostDecimals && rules?.MultipleOf?.DividesEvery(scale) != false ? range : CompactRanges.Range.Empty)];
    }

    private static bool OnlyRefers(Node node) =>
        node is { Types: TypeSet.All, Const: null, Enum: null, Numbers: null, Strings: null, Arrays: null, Objects: null }
        && node is { All.Length: 1, AnyOf.Length: 0, OneOf.Length: 0, Not: null, If: null };

    private static Plan PlanOf(Node node)
    {
        if (node.Combines)
        {
            return Plan.General;
        }

        return (node.Const ?? node.Enum, node.Numbers, node.Strings, node.Arrays, node.Objects) switch
        {
            (null, null, null, null, null) => Plan.TypeOnly,
            (null, not null, null, null, null) => Plan.Number,
            (null, null, not null, null, null) => Plan.Text,
            (not null, null, null, null, null) when node.Const is null || node.Enum is null => Plan.Listed,
            (_, _, _, null, null) => Plan.Scalar,
            (null, null, null, null, { ByNameOnly: true }) => Plan.Members,
            (null, null, null, { ByPositionOnly: true }, null) => Plan.Items,
            _ => Plan.General,
        };
    }

    private static Discriminator? FindDiscriminator(Node[] branches)
    {
        if (branches.Length < 2 || branches[0].Direct.Objects is not { } first)
        {
            return null;
        }

        foreach (var candidate in first.Required)
        {
            if (TryDiscriminate(branches, first.Names[candidate]) is { } discriminator)
            {
                return discriminator;
            }
        }

        return null;
    }

    private static Discriminator? TryDiscriminate(Node[] branches, byte[] name)
    {
        var hash = NameHash.Compute(name);
        var values = new Dictionary<string, Node>(StringComparer.Ordinal);
        foreach (var branch in branches)
        {
            var objects = branch.Direct.Objects;
            var number = objects?.Names.Find(hash, name) ?? -1;
            if (number < 0 || !objects!.Required.Contains(number) || objects.Direct[number] is not { } member
                || (member.Const ?? member.Enum)?.OnlyStrings is not { } strings)
            {
                return null;
            }

            foreach (var value in strings)
            {
                // Two branches with a value in common could both fit.
                if (!values.TryAdd(Encoding.UTF8.GetString(value), branch.Direct))
                {
                    return null;
                }
            }
        }

        return new Discriminator(name, hash, new NameMap([.. values.Keys.Select(Encoding.UTF8.GetBytes)]), [.. values.Values]);
    }
}
