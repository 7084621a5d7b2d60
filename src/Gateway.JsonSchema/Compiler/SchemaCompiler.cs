using Gateway.JsonSchema.Plans;
using Gateway.JsonSchema.Tape;

namespace Gateway.JsonSchema.Compiler;

/// <summary>From bytes to a compiled schema, in the order: size, JSON, dialect, meta-schema, references, patterns, graph.</summary>
internal static class SchemaCompiler
{
    public static CompileResult Compile(ReadOnlySpan<byte> utf8, SchemaOptions options)
    {
        if (utf8.Length > options.MaxSchemaBytes)
        {
            return Refuse($"The schema has {utf8.Length} bytes; {options.MaxSchemaBytes} are allowed.");
        }

        var limits = new JsonLimits { MaxDepth = Math.Clamp(options.MaxDepth, 1, 256) };
        var document = SchemaDocument.Read(utf8, limits, out var problem);
        if (document is null)
        {
            return Refuse($"The schema is not JSON, at byte {problem!.BytePosition}: {problem.Message}");
        }

        return MetaSchemaCheck.Run(document, options) is { } refused ? refused : Compile(document, options);
    }

    /// <summary>Compiles a document that is known to fit its meta-schema.</summary>
    public static CompileResult Compile(SchemaDocument document, SchemaOptions options)
    {
        var errors = new SchemaErrors(document, options.MaxErrors);
        var index = new ResourceIndex(options, errors);
        var patterns = new PatternCache(options, errors);
        var root = index.AddRoot(document);
        if (root is null || errors.Any)
        {
            return errors.ToRefusal();
        }

        var builder = new NodeBuilder(options, index, patterns, errors);
        var node = builder.Build(root);
        CheckUnreachedPatterns(document, index, patterns);
        var ordered = node is null || errors.Any ? [] : GraphChecks.Run(builder.Nodes, options, errors);
        if (node is null || errors.Any)
        {
            return errors.ToRefusal();
        }

        Planner.Run(ordered);
        return new CompileResult.Compiled(new JsonSchema(node, options));
    }

    // A definition nobody refers to is not compiled, but a broken pattern in it is the author's mistake all the same.
    private static void CheckUnreachedPatterns(SchemaDocument document, ResourceIndex index, PatternCache patterns)
    {
        Span<int> keywords = stackalloc int[(int)Keyword.Count];
        foreach (var place in index.SchemasOf(document))
        {
            if (document.Kind(place.Row) != JsonKind.Object)
            {
                continue;
            }

            Keywords.Read(document, place.Row, keywords);
            if (keywords[(int)Keyword.Pattern] is > 0 and var pattern && document.Kind(pattern) == JsonKind.String)
            {
                patterns.Compile(document, pattern);
            }

            if (keywords[(int)Keyword.PatternProperties] is > 0 and var map && document.Kind(map) == JsonKind.Object)
            {
                foreach (var name in document.Children(map))
                {
                    patterns.Compile(document, name);
                }
            }
        }
    }

    private static CompileResult.Refused Refuse(string message) => new([new SchemaError("", message)]);
}
