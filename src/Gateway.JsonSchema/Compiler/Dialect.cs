using System.Text;

namespace Gateway.JsonSchema.Compiler;

/// <summary>Which keywords a schema resource may use, by its <c>$schema</c>.</summary>
/// <param name="Draft">The version of JSON Schema.</param>
/// <param name="Validation">Whether the validation vocabulary is in use (type, minimum, ...).</param>
/// <param name="Applicator">Whether the applicator vocabulary is in use (properties, allOf, ...).</param>
/// <param name="Unevaluated">Whether the unevaluated vocabulary is in use; in 2019-09 it belongs to the applicators.</param>
/// <param name="AssertsFormat">Whether the format-assertion vocabulary is declared.</param>
internal sealed record Dialect(Draft Draft, bool Validation = true, bool Applicator = true, bool Unevaluated = true, bool AssertsFormat = false)
{
    private const string Vocabularies202012 = "https://json-schema.org/draft/2020-12/vocab/";
    private const string Vocabularies201909 = "https://json-schema.org/draft/2019-09/vocab/";

    private static readonly Dialect Draft7 = new(Draft.V7);
    private static readonly Dialect Draft201909 = new(Draft.V201909);
    private static readonly Dialect Draft202012 = new(Draft.V202012);

    public static Dialect Of(Draft draft) => draft switch
    {
        Draft.V7 => Draft7,
        Draft.V201909 => Draft201909,
        _ => Draft202012,
    };

    /// <summary>The dialect of an official <c>$schema</c> URI; an empty fragment makes no difference.</summary>
    public static Dialect? Find(string schemaUri) => schemaUri.TrimEnd('#') switch
    {
        "https://json-schema.org/draft/2020-12/schema" => Draft202012,
        "https://json-schema.org/draft/2019-09/schema" => Draft201909,
        "http://json-schema.org/draft-07/schema" => Draft7,
        _ => null,
    };

    /// <summary>The dialect a custom meta-schema declares by <c>$vocabulary</c>; <see langword="null"/> when it needs an unknown one.</summary>
    public static Dialect? FromMetaSchema(SchemaDocument metaSchema)
    {
        Span<int> keywords = stackalloc int[(int)Keyword.Count];
        Keywords.Read(metaSchema, 0, keywords);
        var draft = keywords[(int)Keyword.Schema] is > 0 and var schema ? Find(metaSchema.Text(schema)) : Draft202012;
        var name = "$vocabulary"u8;
        var declared = metaSchema.View.Find(0, name, Tape.NameHash.Compute(name));
        if (draft is null || declared < 0)
        {
            return draft;
        }

        var used = new HashSet<string>(StringComparer.Ordinal);
        foreach (var vocabulary in metaSchema.Children(declared))
        {
            var uri = Encoding.UTF8.GetString(metaSchema.View.Name(vocabulary));
            var known = uri.StartsWith(Vocabularies202012, StringComparison.Ordinal) || uri.StartsWith(Vocabularies201909, StringComparison.Ordinal);
            if (!known && metaSchema.IsTrue(vocabulary + 1))
            {
                return null;
            }

            used.Add(uri[(uri.LastIndexOf('/') + 1)..]);
        }

        return new Dialect(
            draft.Draft, used.Contains("validation"), used.Contains("applicator"),
            used.Contains("unevaluated") || draft.Draft == Draft.V201909, used.Contains("format-assertion"));
    }

    /// <summary>Whether a keyword means something here.</summary>
    public bool Knows(Keyword keyword) => keyword switch
    {
        <= Keyword.Definitions => true,
        Keyword.UnevaluatedItems or Keyword.UnevaluatedProperties => Unevaluated && Draft != Draft.V7,
        Keyword.MinContains or Keyword.MaxContains or Keyword.DependentRequired => Validation && Draft != Draft.V7,
        Keyword.DependentSchemas => Applicator && Draft != Draft.V7,
        Keyword.PrefixItems => Applicator && Draft == Draft.V202012,
        Keyword.AdditionalItems => Applicator && Draft != Draft.V202012,
        Keyword.Format => true,
        (>= Keyword.Type and <= Keyword.Pattern) or Keyword.MinItems or Keyword.MaxItems or Keyword.UniqueItems
            or Keyword.MinProperties or Keyword.MaxProperties or Keyword.Required => Validation,
        Keyword.ContentSchema => false,
        _ => Applicator,
    };
}
