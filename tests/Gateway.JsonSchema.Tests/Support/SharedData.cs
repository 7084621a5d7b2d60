namespace Gateway.JsonSchema.Tests.Support;

/// <summary>The data folder beside the checkout: not part of the product, so tests that need it say why they skip without it.</summary>
internal static class SharedData
{
    /// <summary>The folder, found by walking up from the test assembly to a sibling called <c>shared</c>.</summary>
    public static string? Find(string name)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "shared", name);
            if (Directory.Exists(candidate))
            {
                return candidate;
            }
        }

        return null;
    }
}

/// <summary>A fact that needs a folder of shared data.</summary>
public sealed class SharedDataFactAttribute : FactAttribute
{
    public SharedDataFactAttribute(string folder)
    {
        Skip = SharedData.Find(folder) is null ? $"There is no folder shared/{folder} beside the checkout." : null;
    }
}

/// <summary>A theory that needs a folder of shared data.</summary>
public sealed class SharedDataTheoryAttribute : TheoryAttribute
{
    public SharedDataTheoryAttribute(string folder)
    {
        Skip = SharedData.Find(folder) is null ? $"There is no folder shared/{folder} beside the checkout." : null;
    }
}
