using System.ComponentModel.DataAnnotations;
using Gateway.JsonSchema;

namespace Gateway.Schemas;

/// <summary>How return schemas are compiled (section <c>Schemas</c>).</summary>
internal sealed class SchemasOptions
{
    public const string Section = "Schemas";

    /// <summary>
    /// Accept patterns that no linear engine can run (back-references, look-around in loops). They run with a 50 ms limit
    /// whose passing counts as a violation. Default false: such patterns are refused at registration.
    /// </summary>
    public bool AllowBacktracking { get; init; }

    /// <summary>Compiled schemas kept in memory. Default 1,000, 1 to 1,000,000.</summary>
    [Range(1, 1_000_000, ErrorMessage = "Schemas:CacheSize must be between 1 and 1000000.")]
    public int CacheSize { get; init; } = 1000;

    public SchemaOptions ToSchemaOptions(bool assertFormat) => new()
    {
        AssertFormat = assertFormat,
        AllowBacktracking = AllowBacktracking,
    };
}
