namespace Gateway.Benchmarks.Schemas;

/// <summary>The six schemas and their instances, in the folder of shared data beside the checkout.</summary>
internal static class BenchData
{
    public static readonly string[] Names = ["approval", "payment", "order", "webhook", "form", "series"];

    public static byte[] Schema(string name) => Read(name, "schema.json");

    public static byte[] Valid(string name) => Read(name, "valid-1.json");

    /// <summary>The instances with one or more violations, at most ten each.</summary>
    public static byte[][] Invalid(string name) =>
        [.. Directory.GetFiles(Path.Combine(Folder(), name), "invalid-*.json").Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];

    public static JsonSchema.JsonSchema Compile(string name) =>
        ((JsonSchema.CompileResult.Compiled)JsonSchema.JsonSchema.Compile(Schema(name))).Schema;

    private static byte[] Read(string name, string file) => File.ReadAllBytes(Path.Combine(Folder(), name, file));

    private static string Folder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "shared", "bench-schemas");
            if (Directory.Exists(candidate))
            {
                return candidate;
            }
        }

        throw new DirectoryNotFoundException("There is no folder shared/bench-schemas beside the checkout.");
    }
}
