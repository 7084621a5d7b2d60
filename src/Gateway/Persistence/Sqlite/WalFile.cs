namespace Gateway.Persistence.Sqlite;

/// <summary>The write-ahead log beside the database, seen from outside of SQLite.</summary>
internal static class WalFile
{
    private const int ChunkSize = 1024 * 1024;

    public static string Of(string databasePath) => databasePath + "-wal";

    public static long Length(string databasePath) => new FileInfo(Of(databasePath)) is { Exists: true, Length: var length } ? length : 0;

    /// <summary>
    /// Brings what a process that died has left in the log to the disk, before SQLite's recovery builds on it. After a failed
    /// fsync Linux keeps the pages in memory and takes them for written: recovery would find a commit there that the next
    /// loss of power takes away again, with everything that was committed after it. Writing the same bytes once more makes
    /// the pages dirty, and this time fsync speaks for them. Nobody else writes: one process owns the directory.
    /// </summary>
    /// <exception cref="StartupException">It cannot be written; nothing may be built on it.</exception>
    public static void MakeDurable(string databasePath)
    {
        if (Length(databasePath) == 0)
        {
            return;
        }

        try
        {
            using var file = File.OpenHandle(Of(databasePath), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
            var chunk = new byte[ChunkSize];
            var offset = 0L;
            for (int count; (count = RandomAccess.Read(file, chunk, offset)) > 0; offset += count)
            {
                RandomAccess.Write(file, chunk.AsSpan(0, count), offset);
            }

            StableStorage.Flush(file);
        }
        catch (IOException exception)
        {
            throw new StartupException(
                $"'{Of(databasePath)}' cannot be brought to the disk ({exception.Message}): the disk must be repaired before the gateway may start.");
        }
    }
}
