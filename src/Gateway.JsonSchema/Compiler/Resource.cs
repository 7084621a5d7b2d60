namespace Gateway.JsonSchema.Compiler;

/// <summary>A schema resource: a document, or the part of one below an <c>$id</c> of its own.</summary>
/// <param name="Number">Position in the index.</param>
/// <param name="Document">The document it stands in.</param>
/// <param name="Row">Its root.</param>
/// <param name="Uri">Base URI without fragment; empty for a document that names none.</param>
/// <param name="Dialect">By its own <c>$schema</c>, or that of the resource around it.</param>
internal sealed record Resource(int Number, SchemaDocument Document, int Row, string Uri, Dialect Dialect)
{
    /// <summary>The name under which <c>$recursiveAnchor: true</c> (2019-09) takes part in dynamic scopes; no anchor can be called so.</summary>
    public const string RecursiveAnchor = "";

    /// <summary>Rows by anchor, dynamic ones included.</summary>
    public Dictionary<string, int> Anchors { get; } = new(StringComparer.Ordinal);

    /// <summary>Rows by dynamic anchor.</summary>
    public Dictionary<string, int> DynamicAnchors { get; } = new(StringComparer.Ordinal);
}

/// <summary>A subschema by place.</summary>
internal readonly record struct SchemaPlace(Resource Resource, int Row);
