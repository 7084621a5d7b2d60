using System.Text;
using Gateway.JsonSchema.Plans;
using Gateway.JsonSchema.Tape;

namespace Gateway.JsonSchema.Compiler;

/// <summary>Arrays, objects and combinations.</summary>
internal sealed partial class NodeBuilder
{
    private Node? Child(in Source source, Keyword keyword) =>
        source[keyword] is > 0 and var row ? ChildAt(source, row) : null;

    private Node ChildAt(in Source source, int row) =>
        NodeAt(new SchemaPlace(_index.ResourceOf(source.Document, row), row), source.Scope);

    private Node[] ChildrenAt(in Source source, Keyword keyword)
    {
        if (source[keyword] is not (> 0 and var array))
        {
            return [];
        }

        var nodes = new List<Node>(source.Document.Length(array));
        foreach (var row in source.Document.Children(array))
        {
            nodes.Add(ChildAt(source, row));
        }

        return [.. nodes];
    }

    private void FillArrays(Node node, in Source source)
    {
        if (!source.HasAny(Keyword.PrefixItems, Keyword.UnevaluatedItems))
        {
            return;
        }

        var draft = source.Resource.Dialect.Draft;
        var tuple = draft != Draft.V202012 && source[Keyword.Items] is > 0 and var items && source.Document.Kind(items) == JsonKind.Array;
        var rules = new ArrayRules
        {
            MinItems = Count(source, Keyword.MinItems, 0),
            MaxItems = Count(source, Keyword.MaxItems, long.MaxValue),
            UniqueItems = source.Document.IsTrue(source[Keyword.UniqueItems]),
            HasTupleItems = tuple,
            Prefix = ChildrenAt(source, tuple ? Keyword.Items : Keyword.PrefixItems),
            Rest = Child(source, tuple ? Keyword.AdditionalItems : Keyword.Items),
            Contains = Child(source, Keyword.Contains),
            MinContains = Count(source, Keyword.MinContains, 1),
            MaxContains = Count(source, Keyword.MaxContains, long.MaxValue),
            ContainsMarks = draft == Draft.V202012,
            Unevaluated = Child(source, Keyword.UnevaluatedItems),
        };
        node.Arrays = rules is
        {
            MinItems: 0, MaxItems: long.MaxValue, UniqueItems: false, Prefix.Length: 0, Rest: null, Contains: null, Unevaluated: null,
        }
            ? null : rules;
    }

    private void FillObjects(Node node, in Source source)
    {
        if (!source.HasAny(Keyword.Properties, Keyword.Dependencies))
        {
            return;
        }

        var names = new NameCollector();
        var properties = ReadMembers(source, Keyword.Properties, names);
        var required = source[Keyword.Required] is > 0 and var requiredRow ? names.AddAll(source.Document, requiredRow) : [];
        var dependentNames = new List<DependentNames>();
        var dependentSchemas = new List<DependentSchema>();
        ReadDependencies(source, Keyword.DependentRequired, names, dependentNames, dependentSchemas);
        ReadDependencies(source, Keyword.DependentSchemas, names, dependentNames, dependentSchemas);
        ReadDependencies(source, Keyword.Dependencies, names, dependentNames, dependentSchemas);
        var rules = new ObjectRules(names.ToMap())
        {
            Properties = new Node?[names.Count],
            Required = required,
            Patterns = ReadPatterns(source),
            Additional = Child(source, Keyword.AdditionalProperties),
            PropertyNames = Child(source, Keyword.PropertyNames),
            Unevaluated = Child(source, Keyword.UnevaluatedProperties),
            MinProperties = Count(source, Keyword.MinProperties, 0),
            MaxProperties = Count(source, Keyword.MaxProperties, long.MaxValue),
            DependentRequired = [.. dependentNames],
            DependentSchemas = [.. dependentSchemas],
        };
        _listed += names.Count;
        foreach (var (name, schema) in properties)
        {
            rules.Properties[name] = schema;
        }

        node.Objects = rules is
        {
            Names.Count: 0, Patterns.Length: 0, Additional: null, PropertyNames: null, Unevaluated: null,
            MinProperties: 0, MaxProperties: long.MaxValue,
        }
            ? null : rules;
    }

    private List<(int Name, Node Schema)> ReadMembers(in Source source, Keyword keyword, NameCollector names)
    {
        var members = new List<(int, Node)>();
        if (source[keyword] is > 0 and var row)
        {
            foreach (var name in source.Document.Children(row))
            {
                members.Add((names.Add(source.Document.Utf8(name)), ChildAt(source, name + 1)));
            }
        }

        return members;
    }

    private void ReadDependencies(
        in Source source, Keyword keyword, NameCollector names, List<DependentNames> dependentNames, List<DependentSchema> dependentSchemas)
    {
        if (source[keyword] is not (> 0 and var row))
        {
            return;
        }

        var document = source.Document;
        var fromDependencies = keyword == Keyword.Dependencies;
        foreach (var name in document.Children(row))
        {
            var trigger = names.Add(document.Utf8(name));
            if (document.Kind(name + 1) == JsonKind.Array)
            {
                dependentNames.Add(new DependentNames(trigger, names.AddAll(document, name + 1), fromDependencies));
            }
            else
            {
                dependentSchemas.Add(new DependentSchema(trigger, ChildAt(source, name + 1), fromDependencies));
            }
        }
    }

    private PatternRule[] ReadPatterns(in Source source)
    {
        var rules = new List<PatternRule>();
        if (source[Keyword.PatternProperties] is > 0 and var row)
        {
            foreach (var name in source.Document.Children(row))
            {
                if (_patterns.Compile(source.Document, name) is { } pattern)
                {
                    rules.Add(new PatternRule(pattern, ChildAt(source, name + 1)));
                }
            }
        }

        return [.. rules];
    }

    private void FillCombinations(Node node, in Source source)
    {
        if (!source.HasAny(Keyword.Ref, Keyword.RecursiveRef) && !source.HasAny(Keyword.AllOf, Keyword.Else))
        {
            return;
        }

        var all = new List<Edge>();
        AddReference(all, source, Keyword.Ref);
        AddReference(all, source, Keyword.DynamicRef);
        AddReference(all, source, Keyword.RecursiveRef);
        var index = 0;
        foreach (var schema in ChildrenAt(source, Keyword.AllOf))
        {
            all.Add(new Edge(schema, Keyword.AllOf, index++));
        }

        node.All = [.. all];
        node.AnyOf = ChildrenAt(source, Keyword.AnyOf);
        node.OneOf = ChildrenAt(source, Keyword.OneOf);
        node.Not = Child(source, Keyword.Not);
        node.If = Child(source, Keyword.If);
        node.Then = node.If is null ? null : Child(source, Keyword.Then);
        node.Else = node.If is null ? null : Child(source, Keyword.Else);
    }

    private void AddReference(List<Edge> all, in Source source, Keyword keyword)
    {
        var draft = source.Resource.Dialect.Draft;
        if (source[keyword] is not (> 0 and var row)
            || (keyword == Keyword.DynamicRef && draft != Draft.V202012) || (keyword == Keyword.RecursiveRef && draft != Draft.V201909))
        {
            return;
        }

        var reference = source.Document.Text(row);
        if (_index.Resolve(source.Resource, reference) is not { } place)
        {
            _errors.Add(source.Document, row, $"The reference '{SchemaErrors.Excerpt(reference)}' leads nowhere.");
            return;
        }

        var anchor = keyword switch
        {
            Keyword.DynamicRef => UriReference.Decode(UriReference.Split(reference).Fragment),
            Keyword.RecursiveRef => Resource.RecursiveAnchor,
            _ => null,
        };

        // Bookending: only a target that is itself a dynamic anchor of that name gives way to an outer one.
        if (anchor is not null && place.Resource.DynamicAnchors.TryGetValue(anchor, out var dynamicRow) && dynamicRow == place.Row
            && source.Scope.Outermost.TryGetValue(anchor, out var outermost))
        {
            place = outermost;
        }

        all.Add(new Edge(NodeAt(place, source.Scope), keyword));
    }

    /// <summary>Numbers the names a schema object mentions.</summary>
    private sealed class NameCollector
    {
        private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
        private readonly List<byte[]> _names = [];

        public int Count => _names.Count;

        public int Add(byte[] name)
        {
            var key = Encoding.UTF8.GetString(name);
            if (!_numbers.TryGetValue(key, out var number))
            {
                _numbers[key] = number = _names.Count;
                _names.Add(name);
            }

            return number;
        }

        public int[] AddAll(SchemaDocument document, int array)
        {
            var numbers = new List<int>(document.Length(array));
            foreach (var row in document.Children(array))
            {
                numbers.Add(Add(document.Utf8(row)));
            }

            return [.. numbers];
        }

        public NameMap ToMap() => new([.. _names]);
    }
}
