using Gateway.JsonSchema.Patterns.Unicode;

namespace Gateway.JsonSchema.Formats.Idna;

/// <summary>What IDNA2008 needs to know of code points; <c>tables/generate.mjs</c> tells where it comes from.</summary>
internal static class IdnaTables
{
    private static readonly Lazy<CodePointTables> Tables = new(() => CodePointTables.Load("idna.bin"));

    /// <summary>PVALID of RFC 5892: allowed anywhere in a label.</summary>
    internal static CodePointSet Valid { get; } = Get("valid");

    /// <summary>Canonical_Combining_Class=Virama</summary>
    internal static CodePointSet Virama { get; } = Get("virama");

    internal static CodePointSet JoiningType(string type) => Get("jt=" + type);

    internal static CodePointSet BidiClass(string type) => Get("bc=" + type);

    private static CodePointSet Get(string name) => Tables.Value.Get(name);
}
