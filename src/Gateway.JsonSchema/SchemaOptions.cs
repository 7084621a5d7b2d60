namespace Gateway.JsonSchema;

/// <summary>How a schema is compiled, and the bounds it and its instances are held to.</summary>
public sealed record SchemaOptions
{
    /// <summary>The options that apply when none are given.</summary>
    public static SchemaOptions Default { get; } = new();

    /// <summary>
    /// Whether <c>format</c> is asserted for the formats JSON Schema defines. Default <see langword="false"/>: an annotation, as 2020-12 has it.
    /// </summary>
    public bool AssertFormat { get; init; }

    /// <summary>
    /// Whether patterns that no linear engine can run are accepted and run by backtracking for at most 50 ms a string. Default
    /// <see langword="false"/>: they are refused.
    /// </summary>
    public bool AllowBacktracking { get; init; }

    /// <summary>Bytes of the schema document. Default 256 KiB.</summary>
    public int MaxSchemaBytes { get; init; } = 256 * 1024;

    /// <summary>Compiled subschemas, those of embedded meta-schemas included. Default 20,000.</summary>
    public int MaxNodes { get; init; } = 20_000;

    /// <summary>Nesting of the schema document. Default 64, at most 256.</summary>
    public int MaxDepth { get; init; } = 64;

    /// <summary>Distinct patterns (<c>pattern</c> and <c>patternProperties</c>). Default 200.</summary>
    public int MaxPatterns { get; init; } = 200;

    /// <summary>
    /// Subschemas that may be applied to one and the same value through references and combinations, counted along every path:
    /// references that fan out multiply. Default 20,000.
    /// </summary>
    public int MaxInPlacePaths { get; init; } = 20_000;

    /// <summary>
    /// Work one validation may do beside four steps for every byte of the instance. A step is some ten nanoseconds: a visit of a subschema, a
    /// comparison of two values, two bytes of a scan under a pattern or format (a search is one scan and 16 steps, by automaton two, and two more for
    /// each look-around), or a few bytes of a text with escapes or of a long number. Default 1,000,000.
    /// </summary>
    public int StepBudget { get; init; } = 1_000_000;

    /// <summary>Violations reported at most, and errors of a refused schema. Default 100.</summary>
    public int MaxErrors { get; init; } = 100;

    /// <summary>Bounds of the instances.</summary>
    public JsonLimits InstanceLimits { get; init; } = JsonLimits.Default;

    /// <summary>
    /// Documents that <c>$ref</c> and <c>$schema</c> may name by URI beside the schema itself and the official meta-schemas. For test suites;
    /// nothing is ever fetched.
    /// </summary>
    internal IReadOnlyDictionary<string, byte[]>? Documents { get; init; }

    /// <summary>What a document without <c>$schema</c> is. For test suites.</summary>
    internal Draft DefaultDraft { get; init; } = Draft.V202012;
}

/// <summary>The versions of JSON Schema that are understood.</summary>
internal enum Draft
{
    V7,
    V201909,
    V202012,
}
