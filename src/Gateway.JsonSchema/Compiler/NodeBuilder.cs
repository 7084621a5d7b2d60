using Gateway.JsonSchema.Formats;
using Gateway.JsonSchema.Numbers;
using Gateway.JsonSchema.Plans;
using Gateway.JsonSchema.Tape;

namespace Gateway.JsonSchema.Compiler;

/// <summary>
/// Compiles places into nodes, each place once per dynamic scope, from a work list: recursion in the schema costs no stack. The
/// documents have passed their meta-schema, so the shape of every keyword is known to be right.
/// </summary>
internal sealed partial class NodeBuilder
{
    // One place compiled under many dynamic scopes repeats its names and values as well.
    private const int ListedPerNode = 10;

    private readonly SchemaOptions _options;
    private readonly ResourceIndex _index;
    private readonly SchemaErrors _errors;
    private readonly PatternCache _patterns;
    private readonly DynamicScopes _scopes;
    private readonly Dictionary<(SchemaDocument Document, int Row, int Scope), Node> _nodes = [];
    private readonly Queue<(Node Node, DynamicScope Scope)> _open = new();

    public NodeBuilder(SchemaOptions options, ResourceIndex index, PatternCache patterns, SchemaErrors errors)
    {
        (_options, _index, _patterns, _errors) = (options, index, patterns, errors);
        _scopes = new DynamicScopes(index);
    }

    private long _listed;

    public IReadOnlyCollection<Node> Nodes => _nodes.Values;

    /// <summary>The graph from a resource's root, or <see langword="null"/> with errors added.</summary>
    public Node? Build(Resource root)
    {
        var node = NodeAt(new SchemaPlace(root, root.Row), _scopes.Empty);
        while (_open.TryDequeue(out var open))
        {
            Fill(open.Node, open.Scope);
            if (_nodes.Count > _options.MaxNodes || _listed > (long)_options.MaxNodes * ListedPerNode)
            {
                _errors.Add("", $"The schema compiles to more than {_options.MaxNodes} subschemas, or {ListedPerNode} times as many names and values.");
                return null;
            }
        }

        return _errors.Any ? null : node;
    }

    private Node NodeAt(SchemaPlace place, DynamicScope scope)
    {
        var entered = _scopes.Enter(scope, place.Resource);
        var key = (place.Resource.Document, place.Row, entered.Number);
        if (!_nodes.TryGetValue(key, out var node))
        {
            _nodes[key] = node = new Node(place, _nodes.Count);
            _open.Enqueue((node, entered));
        }

        return node;
    }

    private void Fill(Node node, DynamicScope scope)
    {
        var place = node.Place;
        var document = place.Resource.Document;
        if (document.Kind(place.Row) != JsonKind.Object)
        {
            node.IsTrue = document.Kind(place.Row) == JsonKind.True;
            node.IsFalse = !node.IsTrue;
            node.Types = node.IsFalse ? TypeSet.None : TypeSet.All;
            return;
        }

        Span<int> rows = stackalloc int[(int)Keyword.Count];
        Keywords.Read(document, place.Row, rows);
        var dialect = place.Resource.Dialect;
        if (dialect.Draft == Draft.V7 && rows[(int)Keyword.Ref] is > 0 and var reference)
        {
            // Draft 7, section 8.3: everything beside $ref is ignored.
            rows.Clear();
            rows[(int)Keyword.Ref] = reference;
        }

        for (var keyword = Keyword.Type; keyword < Keyword.Count; keyword++)
        {
            rows[(int)keyword] = dialect.Knows(keyword) ? rows[(int)keyword] : 0;
        }

        var source = new Source(document, place.Resource, scope, rows);
        FillValues(node, source);
        FillNumbers(node, source);
        FillStrings(node, source);
        FillArrays(node, source);
        FillObjects(node, source);
        FillCombinations(node, source);
        node.IsTrue = node is { Types: TypeSet.All, Const: null, Enum: null, Numbers: null, Strings: null, Arrays: null, Objects: null, Combines: false };
    }

    private void FillValues(Node node, in Source source)
    {
        if (source[Keyword.Type] is > 0 and var type)
        {
            node.Types = ReadTypes(source.Document, type);
        }

        if (source[Keyword.Const] is > 0 and var single)
        {
            node.Const = new ValueSet(source.Document, [single]);
        }

        if (source[Keyword.Enum] is > 0 and var several)
        {
            node.Enum = new ValueSet(source.Document, RowsOf(source.Document, several));
            _listed += source.Document.Length(several);
        }
    }

    private static TypeSet ReadTypes(SchemaDocument document, int row)
    {
        if (document.Kind(row) == JsonKind.Array)
        {
            return RowsOf(document, row).Aggregate(TypeSet.None, (types, item) => types | ReadTypes(document, item));
        }

        return document.Text(row) switch
        {
            "null" => TypeSet.Null,
            "boolean" => TypeSet.Boolean,
            "integer" => TypeSet.Integer,
            "number" => TypeSet.Number,
            "string" => TypeSet.String,
            "array" => TypeSet.Array,
            _ => TypeSet.Object,
        };
    }

    private void FillNumbers(Node node, in Source source)
    {
        if (!source.HasAny(Keyword.MultipleOf, Keyword.ExclusiveMaximum))
        {
            return;
        }

        var document = source.Document;
        Divisor? divisor = null;
        if (source[Keyword.MultipleOf] is > 0 and var multiple)
        {
            divisor = new Divisor(document.View, multiple);
            if (divisor.IsTooLong)
            {
                _errors.Add(document, multiple, $"A multipleOf may have at most {Divisor.MaxDigits} digits.");
            }
        }

        node.Numbers = new NumberRules(
            Constant(source, Keyword.Minimum), Constant(source, Keyword.ExclusiveMinimum),
            Constant(source, Keyword.Maximum), Constant(source, Keyword.ExclusiveMaximum), divisor);
    }

    private static NumberConstant? Constant(in Source source, Keyword keyword) =>
        source[keyword] is > 0 and var row ? new NumberConstant(source.Document.View, row) : null;

    private void FillStrings(Node node, in Source source)
    {
        if (!source.HasAny(Keyword.MinLength, Keyword.Format))
        {
            return;
        }

        var pattern = source[Keyword.Pattern] is > 0 and var row ? _patterns.Compile(source.Document, row) : null;
        var rules = new StringRules(
            Count(source, Keyword.MinLength, 0), Count(source, Keyword.MaxLength, long.MaxValue), pattern, ReadFormat(source));
        node.Strings = rules == new StringRules(0, long.MaxValue, null, null) ? null : rules;
    }

    private NamedFormat? ReadFormat(in Source source)
    {
        var dialect = source.Resource.Dialect;
        if (source[Keyword.Format] is not (> 0 and var row) || !(_options.AssertFormat || dialect.AssertsFormat))
        {
            return null;
        }

        var name = source.Document.Text(row);
        return FormatChecks.Find(name, dialect.Draft == Draft.V202012) is not { } check || (dialect.Draft == Draft.V7 && name is "duration" or "uuid")
            ? null
            : new NamedFormat(name, check);
    }

    private static long Count(in Source source, Keyword keyword, long absent) =>
        source[keyword] is > 0 and var row ? NumberConstant.ReadCount(source.Document.View, row) : absent;

    private static List<int> RowsOf(SchemaDocument document, int array)
    {
        var rows = new List<int>(document.Length(array));
        foreach (var row in document.Children(array))
        {
            rows.Add(row);
        }

        return rows;
    }

    /// <summary>The keyword rows of one schema object and where it stands.</summary>
    private readonly ref struct Source(SchemaDocument document, Resource resource, DynamicScope scope, ReadOnlySpan<int> rows)
    {
        private readonly ReadOnlySpan<int> _rows = rows;

        public SchemaDocument Document { get; } = document;

        public Resource Resource { get; } = resource;

        public DynamicScope Scope { get; } = scope;

        /// <summary>Whether one of a range of keywords is present.</summary>
        public bool HasAny(Keyword first, Keyword last) => _rows[(int)first..((int)last + 1)].ContainsAnyExcept(0);

        /// <summary>The row of a keyword's value, 0 where it is absent or means nothing here.</summary>
        public int this[Keyword keyword] => _rows[(int)keyword];
    }
}
