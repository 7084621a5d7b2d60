using System.Globalization;

namespace Gateway.Persistence.Sqlite;

/// <summary>
/// Copies the database while a gateway writes to it. The copy is one snapshot: it is read in one transaction, which in WAL
/// mode neither waits for the writer nor holds it up; the log grows until the copy is done. The connection is read-only, so it
/// cannot checkpoint. SQLite's backup steps would begin anew with every foreign commit; inside a transaction they do not.
/// </summary>
internal static class SqliteBackup
{
    /// <summary>Writes, checks and flushes a copy that has its name only once it is complete.</summary>
    /// <param name="compact">Build it anew without free pages (<c>VACUUM INTO</c>): smaller, but several times the work.</param>
    /// <returns>Its length in bytes.</returns>
    /// <exception cref="StorageException">It could not be read, written or did not pass the check; nothing is left of it.</exception>
    /// <exception cref="IOException">The file or its draft exists, or cannot be made.</exception>
    public static long Write(string databasePath, string target, bool compact)
    {
        var draft = target + ".partial";
        using var file = new FileStream(draft, DataDirectory.ForOwner(FileMode.CreateNew));
        try
        {
            Copy(databasePath, draft, compact);
            StableStorage.Flush(file.SafeFileHandle);
            File.Move(draft, target, overwrite: false);
            // The second one is for the name: the file system's journal holds both.
            StableStorage.Flush(file.SafeFileHandle);
            return file.Length;
        }
        catch
        {
            File.Delete(draft);
            throw;
        }
    }

    private static void Copy(string databasePath, string draft, bool compact)
    {
        using (var source = SqliteDatabase.OpenReader(databasePath))
        {
            if (compact)
            {
                source.Execute(string.Create(CultureInfo.InvariantCulture, $"VACUUM INTO '{draft.Replace("'", "''", StringComparison.Ordinal)}'"));
            }
            else
            {
                using var target = SqliteDatabase.OpenWriter(draft);
                source.Execute("BEGIN");
                source.Scalar("SELECT COUNT(*) FROM sqlite_schema");
                source.CopyTo(target);
            }
        }

        using var copy = SqliteDatabase.OpenWriter(draft);
        // Without a log of its own the copy is one file; the gateway that is started on it switches back.
        copy.Scalar("PRAGMA journal_mode=DELETE");
        if (copy.Scalar("PRAGMA quick_check(1)") is not "ok" and var fault)
        {
            throw new StorageException($"the copy did not pass the check, so the database is damaged: {fault}");
        }
    }
}
