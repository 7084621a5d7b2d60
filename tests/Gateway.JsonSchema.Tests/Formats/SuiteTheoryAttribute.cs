namespace Gateway.JsonSchema.Tests.Formats;

/// <summary>A test over the official suite's files; skipped where they are absent.</summary>
internal sealed class SuiteTheoryAttribute : TheoryAttribute
{
    public SuiteTheoryAttribute()
    {
        if (Suite is null)
        {
            Skip = "shared/json-schema-test-suite is not beside the checkout";
        }
    }

    internal static string? Suite { get; } = FindUpwards(AppContext.BaseDirectory);

    private static string? FindUpwards(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
        {
            var suite = Path.Combine(folder.FullName, "shared", "json-schema-test-suite");
            if (Directory.Exists(suite))
            {
                return suite;
            }
        }

        return null;
    }
}
