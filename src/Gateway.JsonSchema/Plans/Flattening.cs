using System.Text;

namespace Gateway.JsonSchema.Plans;

/// <summary>
/// Joins what several schemas say of one and the same object into one look at its members: <c>allOf</c> and references to plain object schemas, and
/// <c>unevaluated*</c> where which members are evaluated does not depend on the instance. The joined node stands in for the original in the
/// fast pass alone; violations are collected from the originals.
/// </summary>
internal static class Flattening
{
    private const int MaxNames = 64;

    /// <summary>A node that says the same with fewer looks, or <see langword="null"/> where nothing can be joined.</summary>
    public static Node? TryFlatten(Node node)
    {
        var own = node.Objects;
        if (own is { Patterns.Length: > 0 } or { PropertyNames: not null } or { DependentRequired.Length: > 0 } or { DependentSchemas.Length: > 0 })
        {
            return null;
        }

        var joined = node.All.Where(edge => IsPlain(edge.Node.Direct)).ToArray();
        var rest = node.All.Except(joined).ToArray();
        var coverageIsFixed = own?.Unevaluated is not null && !rest.Select(edge => edge.Node).Concat(Branches(node)).Any(inner => inner.Marks);
        if ((joined.Length == 0 && !coverageIsFixed) || (own?.Unevaluated is not null && !coverageIsFixed)
            || (own?.Additional is not null && (joined.Length > 0 || coverageIsFixed)))
        {
            return null;
        }

        var rules = Join([.. joined.Select(edge => edge.Node.Direct.Objects!), .. own is null ? [] : new[] { own }]);
        if (rules is null)
        {
            return null;
        }

        rules.Additional = own?.Unevaluated ?? own?.Additional;
        return Replace(node, rules, rest, joined.Any(edge => edge.Node.Direct.Types == TypeSet.Object));
    }

    private static Node Replace(Node node, ObjectRules rules, Edge[] rest, bool needsObject)
    {
        var flat = new Node(node.Place, node.Number)
        {
            Types = needsObject ? node.Types & TypeSet.Object : node.Types,
            Const = node.Const,
            Enum = node.Enum,
            Numbers = node.Numbers,
            Strings = node.Strings,
            Arrays = node.Arrays,
            Objects = rules,
            All = rest,
            AnyOf = node.AnyOf,
            OneOf = node.OneOf,
            Not = node.Not,
            If = node.If,
            Then = node.Then,
            Else = node.Else,
            Marks = node.Marks,
        };
        flat.Direct = flat;
        return flat;
    }

    /// <summary>Whether a node asks for members by name, and for nothing else.</summary>
    private static bool IsPlain(Node node) => node.Types is TypeSet.All or TypeSet.Object
        && node is { Combines: false, IsFalse: false, Const: null, Enum: null, Numbers: null, Strings: null, Arrays: null }
        && node.Objects is { Additional: null, Unevaluated: null, PropertyNames: null, Patterns.Length: 0, DependentRequired.Length: 0, DependentSchemas.Length: 0 };

    private static IEnumerable<Node> Branches(Node node) =>
        node.AnyOf.Concat(node.OneOf).Concat(new[] { node.If, node.Then, node.Else }.OfType<Node>());

    private static ObjectRules? Join(ObjectRules[] parts)
    {
        // More names would not fit the one word that presence is kept in; and copies of a large object could be made by the thousand.
        if (parts.Sum(part => part.Names.Count) > MaxNames)
        {
            return null;
        }

        var schemas = new Dictionary<string, Node?>(StringComparer.Ordinal);
        foreach (var part in parts)
        {
            for (var number = 0; number < part.Names.Count; number++)
            {
                var name = Encoding.UTF8.GetString(part.Names[number]);
                var schema = part.Properties[number];
                if (schemas.GetValueOrDefault(name) is { } other && schema is not null && other != schema)
                {
                    return null;
                }

                schemas[name] = schema ?? schemas.GetValueOrDefault(name);
            }
        }

        var names = schemas.Keys.ToArray();
        var numbers = names.Index().ToDictionary(entry => entry.Item, entry => entry.Index, StringComparer.Ordinal);
        return new ObjectRules(new NameMap([.. names.Select(Encoding.UTF8.GetBytes)]))
        {
            Properties = [.. names.Select(name => schemas[name])],
            Required = [.. parts.SelectMany(part => part.Required.Select(name => numbers[Encoding.UTF8.GetString(part.Names[name])])).Distinct()],
            MinProperties = parts.Max(part => part.MinProperties),
            MaxProperties = parts.Min(part => part.MaxProperties),
        };
    }
}
