namespace Gateway.Tests.Resumption.Restate;

/// <summary>A test against a real Restate server; skipped where Node or the packages of <c>tests/restate</c> are missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RestateFactAttribute : FactAttribute
{
    public RestateFactAttribute() => Skip = RestatePackages.Missing;
}

/// <summary>Where the npm packages of <c>tests/restate</c> are.</summary>
internal static class RestatePackages
{
    /// <summary>The folder with the service and its packages.</summary>
    public static string? Directory { get; } = Find();

    public static string? Server { get; } = FindServer();

    public static string? Node { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, "node")).FirstOrDefault(File.Exists);

    /// <summary>Why the tests cannot run; null where they can.</summary>
    public static string? Missing => Node is null ? "needs node in PATH"
        : Server is null ? "needs `npm install --prefix tests/restate`"
        : null;

    private static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "tests", "restate");
            if (File.Exists(Path.Combine(candidate, "service.mjs")))
            {
                return candidate;
            }
        }

        return null;
    }

    /// <summary>The binary itself: its script in the package only looks for it and would stay between it and a kill.</summary>
    private static string? FindServer()
    {
        var packages = Path.Combine(Directory ?? "", "node_modules", "@restatedev");
        return System.IO.Directory.Exists(packages) && System.IO.Directory.Exists(Path.Combine(packages, "restate-sdk"))
            ? System.IO.Directory.GetDirectories(packages, "restate-server-*")
                .Select(package => Path.Combine(package, "bin", "restate-server")).FirstOrDefault(File.Exists)
            : null;
    }
}
