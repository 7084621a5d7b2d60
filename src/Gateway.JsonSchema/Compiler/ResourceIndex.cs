namespace Gateway.JsonSchema.Compiler;

/// <summary>
/// All schema resources one compilation can see: those of the declared schema, and of the preloaded documents and official meta-schemas
/// it refers to. An index belongs to one compilation: two schemas with the same <c>$id</c> never meet.
/// </summary>
internal sealed class ResourceIndex(SchemaOptions options, SchemaErrors errors)
{
    private readonly Dictionary<string, Resource> _byUri = new(StringComparer.Ordinal);
    private readonly Dictionary<(SchemaDocument Document, int Row), Resource> _bySchema = [];
    private readonly Dictionary<string, Dialect?> _dialects = new(StringComparer.Ordinal);
    private readonly Queue<(SchemaPlace Place, int ReferenceRow)> _references = new();
    private int _resources;
    private readonly Dictionary<string, int> _dynamicAnchorCounts = new(StringComparer.Ordinal);

    /// <summary>Every schema of the declared document in the order of the text, for checks that do not depend on being reached.</summary>
    public IEnumerable<SchemaPlace> SchemasOf(SchemaDocument document) =>
        _bySchema.Where(pair => pair.Key.Document == document).Select(pair => new SchemaPlace(pair.Value, pair.Key.Row));

    public Resource ResourceOf(SchemaDocument document, int row) => _bySchema[(document, row)];

    /// <summary>Whether a dynamic anchor is defined more than once, so that the dynamic scope decides.</summary>
    public bool IsAmbiguous(string dynamicAnchor) => _dynamicAnchorCounts.GetValueOrDefault(dynamicAnchor) > 1;

    /// <summary>Adds a document and everything its references lead to.</summary>
    public Resource? AddRoot(SchemaDocument document)
    {
        var root = AddDocument(document, "");
        while (root is not null && _references.TryDequeue(out var reference))
        {
            var (place, row) = reference;
            var text = place.Resource.Document.Text(row);
            if (Resolve(place.Resource, text) is null && place.Resource.Document == document)
            {
                errors.Add(document, row, $"The reference '{SchemaErrors.Excerpt(text)}' leads nowhere; it must stay inside the document. Nothing is fetched.");
            }
        }

        return root;
    }

    /// <summary>The place a reference leads to, seen from a resource; indexed if it was not a known schema position.</summary>
    public SchemaPlace? Resolve(Resource from, string reference)
    {
        var (uri, fragment) = UriReference.Split(reference);
        var target = uri.Length == 0 ? from : FindResource(UriReference.Resolve(from.Uri, uri));
        if (target is null)
        {
            return null;
        }

        fragment = UriReference.Decode(fragment);
        if (fragment.Length == 0)
        {
            return new SchemaPlace(target, target.Row);
        }

        if (fragment[0] != '/')
        {
            return target.Anchors.TryGetValue(fragment, out var anchored) ? new SchemaPlace(target, anchored) : null;
        }

        var row = target.Document.Resolve(target.Row, fragment);
        return row < 0 || !IsSchema(target.Document, row) || Index(target, row) is not { } resource ? null : new SchemaPlace(resource, row);
    }

    private static bool IsSchema(SchemaDocument document, int row) =>
        document.Kind(row) is Tape.JsonKind.Object or Tape.JsonKind.True or Tape.JsonKind.False;

    private Resource? Index(Resource around, int row)
    {
        if (_bySchema.TryGetValue((around.Document, row), out var known))
        {
            return known;
        }

        // A place no keyword makes a schema (an unknown keyword, an example) becomes one by being referred to, and is checked like one.
        if (!MetaSchemaCheck.RunAt(around.Document, row, around.Dialect.Draft, errors))
        {
            return null;
        }

        Walk(around, row);
        return _bySchema[(around.Document, row)];
    }

    private Resource? FindResource(string uri)
    {
        if (_byUri.TryGetValue(uri, out var known))
        {
            return known;
        }

        var document = MetaSchemas.FindDocument(uri);
        if (document is null && options.Documents is { } documents && documents.TryGetValue(uri, out var bytes))
        {
            document = SchemaDocument.Read(bytes, JsonLimits.Default, out _);
        }

        return document is null ? null : AddDocument(document, uri);
    }

    private Resource? AddDocument(SchemaDocument document, string retrievalUri)
    {
        Span<int> keywords = stackalloc int[(int)Keyword.Count];
        Keywords.Read(document, 0, keywords);
        var dialect = DialectOf(document, keywords, Dialect.Of(options.DefaultDraft));
        if (dialect is null)
        {
            return null;
        }

        var resource = AddResource(document, 0, UriOf(document, keywords, retrievalUri, dialect), dialect);
        _byUri.TryAdd(retrievalUri, resource);
        Walk(resource, 0);
        return resource;
    }

    private Resource AddResource(SchemaDocument document, int row, string uri, Dialect dialect)
    {
        var resource = new Resource(_resources++, document, row, uri, dialect);
        if (!_byUri.TryAdd(uri, resource) && _byUri[uri].Document == document)
        {
            errors.Add(document, row, $"Two schemas in the document have the same $id '{SchemaErrors.Excerpt(uri)}'.");
        }

        return resource;
    }

    private static string UriOf(SchemaDocument document, ReadOnlySpan<int> keywords, string baseUri, Dialect dialect)
    {
        var id = keywords[(int)Keyword.Id];
        if (id == 0 || document.Kind(id) != Tape.JsonKind.String || (dialect.Draft == Draft.V7 && keywords[(int)Keyword.Ref] > 0))
        {
            return baseUri;
        }

        var text = document.Text(id);
        return text.StartsWith('#') ? baseUri : UriReference.Resolve(baseUri, text);
    }

    private Dialect? DialectOf(SchemaDocument document, ReadOnlySpan<int> keywords, Dialect inherited)
    {
        var row = keywords[(int)Keyword.Schema];
        if (row == 0 || document.Kind(row) != Tape.JsonKind.String)
        {
            return inherited;
        }

        var uri = document.Text(row);
        if (!_dialects.TryGetValue(uri, out var dialect))
        {
            dialect = Dialect.Find(uri);
            if (dialect is null && options.Documents is { } documents && documents.TryGetValue(uri, out var bytes))
            {
                dialect = Dialect.FromMetaSchema(SchemaDocument.Read(bytes, JsonLimits.Default, out _)!);
            }

            _dialects[uri] = dialect;
        }

        if (dialect is null)
        {
            errors.Add(document, row, "This $schema is not known: 2020-12, 2019-09 and draft-07 are.");
        }

        return dialect;
    }

    // Recursion is bounded by the document's depth, which the reader bounds.
    private void Walk(Resource around, int row)
    {
        var document = around.Document;
        if (!_bySchema.TryAdd((document, row), around) || document.Kind(row) != Tape.JsonKind.Object)
        {
            return;
        }

        Span<int> keywords = stackalloc int[(int)Keyword.Count];
        Keywords.Read(document, row, keywords);
        var resource = Enter(around, row, keywords);
        if (resource is null)
        {
            return;
        }

        _bySchema[(document, row)] = resource;
        AddAnchors(resource, row, keywords);
        AddReferences(resource, row, keywords);
        for (var keyword = (Keyword)0; keyword < Keyword.Count; keyword++)
        {
            if (keywords[(int)keyword] > 0)
            {
                WalkBelow(resource, keywords[(int)keyword], Keywords.PositionOf(keyword, resource.Dialect.Draft));
            }
        }
    }

    /// <summary>The resource a schema belongs to: a new one when it has an <c>$id</c>.</summary>
    private Resource? Enter(Resource around, int row, ReadOnlySpan<int> keywords)
    {
        var document = around.Document;
        if (row == around.Row || keywords[(int)Keyword.Id] == 0)
        {
            return around;
        }

        var uri = UriOf(document, keywords, around.Uri, around.Dialect);
        if (uri == around.Uri && document.Text(keywords[(int)Keyword.Id]).StartsWith('#'))
        {
            return around;
        }

        if (around.Dialect.Draft == Draft.V7 && keywords[(int)Keyword.Ref] > 0)
        {
            return around;
        }

        var dialect = DialectOf(document, keywords, around.Dialect);
        return dialect is null ? null : AddResource(document, row, uri, dialect);
    }

    private void WalkBelow(Resource resource, int value, SchemaPosition position)
    {
        var document = resource.Document;
        var isArray = document.Kind(value) == Tape.JsonKind.Array;
        switch (position)
        {
            case SchemaPosition.Value:
            case SchemaPosition.ValueOrItems when !isArray:
                Walk(resource, value);
                break;
            case SchemaPosition.Items or SchemaPosition.ValueOrItems when isArray:
                foreach (var item in document.Children(value))
                {
                    Walk(resource, item);
                }

                break;
            case SchemaPosition.Members when document.Kind(value) == Tape.JsonKind.Object:
                foreach (var name in document.Children(value))
                {
                    if (IsSchema(document, name + 1))
                    {
                        Walk(resource, name + 1);
                    }
                }

                break;
        }
    }

    private void AddAnchors(Resource resource, int row, ReadOnlySpan<int> keywords)
    {
        var document = resource.Document;
        if (resource.Dialect.Draft == Draft.V7)
        {
            var id = keywords[(int)Keyword.Id];
            if (id > 0 && document.Kind(id) == Tape.JsonKind.String && keywords[(int)Keyword.Ref] == 0 && document.Text(id) is ['#', _, ..] anchor)
            {
                AddAnchor(resource, row, anchor[1..]);
            }

            return;
        }

        AddAnchor(resource, row, keywords[(int)Keyword.Anchor]);
        if (resource.Dialect.Draft == Draft.V201909)
        {
            if (row == resource.Row && document.IsTrue(keywords[(int)Keyword.RecursiveAnchor]))
            {
                AddDynamicAnchor(resource, row, Resource.RecursiveAnchor);
            }
        }
        else if (keywords[(int)Keyword.DynamicAnchor] is > 0 and var dynamic && document.Kind(dynamic) == Tape.JsonKind.String)
        {
            AddAnchor(resource, row, dynamic);
            AddDynamicAnchor(resource, row, document.Text(dynamic));
        }
    }

    private void AddAnchor(Resource resource, int row, int anchorRow)
    {
        if (anchorRow > 0 && resource.Document.Kind(anchorRow) == Tape.JsonKind.String)
        {
            AddAnchor(resource, row, resource.Document.Text(anchorRow));
        }
    }

    private void AddAnchor(Resource resource, int row, string anchor)
    {
        if (!resource.Anchors.TryAdd(anchor, row) && resource.Anchors[anchor] != row)
        {
            errors.Add(resource.Document, row, $"The anchor '{SchemaErrors.Excerpt(anchor)}' is defined twice in one schema resource.");
        }
    }

    private void AddDynamicAnchor(Resource resource, int row, string anchor)
    {
        if (resource.DynamicAnchors.TryAdd(anchor, row))
        {
            _dynamicAnchorCounts[anchor] = _dynamicAnchorCounts.GetValueOrDefault(anchor) + 1;
        }
    }

    private void AddReferences(Resource resource, int row, ReadOnlySpan<int> keywords)
    {
        AddReference(resource, row, keywords[(int)Keyword.Ref]);
        AddReference(resource, row, resource.Dialect.Draft == Draft.V202012 ? keywords[(int)Keyword.DynamicRef] : 0);
        AddReference(resource, row, resource.Dialect.Draft == Draft.V201909 ? keywords[(int)Keyword.RecursiveRef] : 0);
    }

    private void AddReference(Resource resource, int row, int referenceRow)
    {
        if (referenceRow > 0 && resource.Document.Kind(referenceRow) == Tape.JsonKind.String)
        {
            _references.Enqueue((new SchemaPlace(resource, row), referenceRow));
        }
    }
}
