using System.Text;
using Gateway.JsonSchema.Tape;

namespace Gateway.JsonSchema.Plans;

/// <summary>Prepares a checked graph for the fast pass. Nothing here changes what a node means.</summary>
internal static class Planner
{
    public static void Run(IReadOnlyCollection<Node> nodes)
    {
        foreach (var node in nodes)
        {
            node.Direct = Follow(node);
        }

        foreach (var node in nodes)
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
        }

        foreach (var node in nodes)
        {
            node.OneOfBy = FindDiscriminator(node.OneOf);
            node.AnyOfBy = FindDiscriminator(node.AnyOf);
        }
    }

    // No circles: the checks have refused nodes that refer to themselves at the same value.
    private static Node Follow(Node node)
    {
        while (node is
        {
            Types: TypeSet.All, Const: null, Enum: null, Numbers: null, Strings: null, Arrays: null, Objects: null,
            All.Length: 1, AnyOf.Length: 0, OneOf.Length: 0, Not: null, If: null,
        })
        {
            node = node.All[0].Node;
        }

        return node;
    }

    private static Plan PlanOf(Node node)
    {
        if (node.Combines)
        {
            return Plan.General;
        }

        return (node.Const ?? node.Enum, (object?)node.Numbers ?? node.Strings, node.Arrays, node.Objects) switch
        {
            (null, null, null, null) => Plan.TypeOnly,
            (_, _, null, null) => Plan.Scalar,
            (null, null, null, { ByNameOnly: true }) => Plan.Members,
            (null, null, { ByPositionOnly: true }, null) => Plan.Items,
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
                if (!values.TryAdd(Encoding.UTF8.GetString(value), branch.Direct) && values[Encoding.UTF8.GetString(value)] != branch.Direct)
                {
                    return null;
                }
            }
        }

        // Two branches that are the same node would both fit.
        return values.Values.Distinct().Count() < branches.Length
            ? null
            : new Discriminator(name, hash, new NameMap([.. values.Keys.Select(Encoding.UTF8.GetBytes)]), [.. values.Values]);
    }
}
