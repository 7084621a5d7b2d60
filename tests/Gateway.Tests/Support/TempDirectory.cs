using Microsoft.Data.Sqlite;

namespace Gateway.Tests.Support;

/// <summary>A folder of one test's own.</summary>
internal static class TempDirectory
{
    public static string Create() => Path.Combine(Path.GetTempPath(), $"gateway-test-{Guid.NewGuid():N}");

    public static void Delete(string path)
    {
        SqliteConnection.ClearAllPools();
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
    }
}
