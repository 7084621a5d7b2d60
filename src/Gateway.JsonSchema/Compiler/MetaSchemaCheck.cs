using Gateway.JsonSchema.Tape;

namespace Gateway.JsonSchema.Compiler;

/// <summary>Holds a schema against the meta-schema of its dialect.</summary>
internal static class MetaSchemaCheck
{
    /// <summary>The refusal, or <see langword="null"/> when the document fits or its dialect is for the index to judge.</summary>
    public static CompileResult.Refused? Run(SchemaDocument document, SchemaOptions options)
    {
        var draft = DraftOf(document, 0, options.DefaultDraft);
        var errors = new List<SchemaError>();
        var declared = document.View.Bytes;
        if (declared.Count("$schema\""u8) <= (HasSchema(document) ? 1 : 0))
        {
            // The usual case: no resource inside declares a draft.
            Check(declared, draft, "", errors);
            return ToRefusal(errors, options);
        }

        var bytes = declared.ToArray();
        foreach (var (row, inner) in ForeignResources(document, draft))
        {
            Check(bytes[document.Extent(row)], inner, document.PointerTo(row), errors);

            // Bundled resources of another draft (2020-12 core, section 9.3.1) are judged by their own meta-schema alone.
            var place = bytes.AsSpan(document.Extent(row));
            place.Fill((byte)' ');
            "true"u8.CopyTo(place);
        }

        Check(bytes, draft, "", errors);
        return ToRefusal(errors, options);
    }

    private static bool HasSchema(SchemaDocument document)
    {
        var name = "$schema"u8;
        return document.Kind(0) == JsonKind.Object && document.View.Find(0, name, NameHash.Compute(name)) >= 0;
    }

    private static CompileResult.Refused? ToRefusal(List<SchemaError> errors, SchemaOptions options) =>
        errors.Count == 0 ? null : new CompileResult.Refused([.. errors.Take(options.MaxErrors)]);

    /// <summary>Whether a value that a reference makes a schema fits the meta-schema; errors are added where it does not.</summary>
    public static bool RunAt(SchemaDocument document, int row, Draft draft, SchemaErrors errors)
    {
        var found = new List<SchemaError>();
        Check(document.View.Bytes[document.Extent(row)], draft, document.PointerTo(row), found);
        found.ForEach(error => errors.Add(error.Location, error.Message));
        return found.Count == 0;
    }

    private static void Check(ReadOnlySpan<byte> schema, Draft draft, string location, List<SchemaError> errors)
    {
        foreach (var violation in MetaSchemas.Of(draft).Validate(schema).Violations)
        {
            errors.Add(new SchemaError(location + violation.InstanceLocation, violation.Message));
        }
    }

    private static Draft DraftOf(SchemaDocument document, int row, Draft otherwise)
    {
        if (document.Kind(row) != JsonKind.Object)
        {
            return otherwise;
        }

        Span<int> keywords = stackalloc int[(int)Keyword.Count];
        Keywords.Read(document, row, keywords);
        return keywords[(int)Keyword.Schema] is > 0 and var schema && document.Kind(schema) == JsonKind.String
            ? Dialect.Find(document.Text(schema))?.Draft ?? otherwise
            : otherwise;
    }

    /// <summary>The outermost subschemas with an <c>$id</c> and a <c>$schema</c> of another draft.</summary>
    private static List<(int Row, Draft Draft)> ForeignResources(SchemaDocument document, Draft draft)
    {
        var found = new List<(int, Draft)>();
        var rows = new Stack<int>([0]);
        Span<int> keywords = stackalloc int[(int)Keyword.Count];
        while (rows.TryPop(out var row))
        {
            if (document.Kind(row) == JsonKind.Object && row > 0)
            {
                Keywords.Read(document, row, keywords);
                var inner = DraftOf(document, row, draft);
                if (inner != draft && keywords[(int)Keyword.Id] > 0)
                {
                    found.Add((row, inner));
                    continue;
                }
            }

            foreach (var child in document.Children(row))
            {
                // Values to compare with are data, whatever they look like.
                var named = document.Kind(row) == JsonKind.Object;
                if (!named || Keywords.Find(document, child) is not (Keyword.Const or Keyword.Enum))
                {
                    rows.Push(named ? child + 1 : child);
                }
            }
        }

        return found;
    }
}
