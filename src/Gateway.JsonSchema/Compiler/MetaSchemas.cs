using System.Collections.Concurrent;

namespace Gateway.JsonSchema.Compiler;

/// <summary>The official meta-schemas, embedded as data, read and compiled at first use.</summary>
internal static class MetaSchemas
{
    private const string Prefix = "Gateway.JsonSchema.MetaSchemas/";

    private static readonly ConcurrentDictionary<string, SchemaDocument?> Documents = new(StringComparer.Ordinal);
    private static readonly Lazy<JsonSchema> Draft7 = new(() => Compile("http://json-schema.org/draft-07/schema"));
    private static readonly Lazy<JsonSchema> Draft201909 = new(() => Compile("https://json-schema.org/draft/2019-09/schema"));
    private static readonly Lazy<JsonSchema> Draft202012 = new(() => Compile("https://json-schema.org/draft/2020-12/schema"));

    /// <summary>The document of an official meta-schema or vocabulary, by URI without fragment.</summary>
    public static SchemaDocument? FindDocument(string uri)
    {
        var resource = uri == "http://json-schema.org/draft-07/schema" ? "draft7/schema.json"
            : uri.StartsWith("https://json-schema.org/draft/", StringComparison.Ordinal)
                ? "draft" + uri["https://json-schema.org/draft/".Length..] + ".json" : null;
        return resource is null ? null : Documents.GetOrAdd(resource, Read);
    }

    public static JsonSchema Of(Draft draft) => draft switch
    {
        Draft.V7 => Draft7.Value,
        Draft.V201909 => Draft201909.Value,
        _ => Draft202012.Value,
    };

    private static SchemaDocument? Read(string resource)
    {
        using var stream = typeof(MetaSchemas).Assembly.GetManifestResourceStream(Prefix + resource);
        if (stream is null)
        {
            return null;
        }

        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return SchemaDocument.Read(bytes, JsonLimits.Default, out _);
    }

    private static JsonSchema Compile(string uri) =>
        SchemaCompiler.Compile(FindDocument(uri)!, SchemaOptions.Default) is CompileResult.Compiled compiled
            ? compiled.Schema
            : throw new InvalidOperationException("An embedded meta-schema does not compile.");
}
