namespace Gateway.JsonSchema;

/// <summary>What became of a schema: compiled, or refused with every reason found.</summary>
public abstract record CompileResult
{
    private CompileResult()
    {
    }

    /// <summary>The schema is ready to judge instances.</summary>
    /// <param name="Schema">Safe for use by many threads at once.</param>
    public sealed record Compiled(JsonSchema Schema) : CompileResult;

    /// <summary>The schema is broken or beyond a bound.</summary>
    /// <param name="Errors">At least one, at most <see cref="SchemaOptions.MaxErrors"/>.</param>
    public sealed record Refused(IReadOnlyList<SchemaError> Errors) : CompileResult;
}

/// <summary>One reason why a schema is refused.</summary>
/// <param name="Location">JSON Pointer (RFC 6901) into the schema; empty for the document as a whole.</param>
/// <param name="Message">One English sentence for the author of the schema.</param>
public sealed record SchemaError(string Location, string Message);
