namespace Gateway.Persistence.Sqlite;

/// <summary>
/// Keeps the write-ahead log short. Its pages are moved into the database as it grows, but SQLite starts it anew only at a
/// moment when nobody reads from it: a reader that holds a snapshot (a backup, a forgotten shell) makes it grow until it ends.
/// </summary>
internal sealed partial class WalWatch(string databasePath, Checkpointer checkpointer, TimeProvider time, ILogger logger) : IDisposable
{
    /// <summary>From this length on somebody should know.</summary>
    public const long WarningBytes = 256L * 1024 * 1024;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private long lookedAt = time.GetTimestamp();
    private bool warned;

    /// <summary>Called between two commits; looks at the file every few seconds.</summary>
    public void Look(SqliteWriter writer)
    {
        checkpointer.Look(writer);
        if (checkpointer.IsRunning || time.GetElapsedTime(lookedAt) < Interval)
        {
            return;
        }

        lookedAt = time.GetTimestamp();
        if (WalFile.Length(databasePath) <= SqliteWriter.KeptWalBytes)
        {
            warned = false;
            return;
        }

        var free = checkpointer.TryTruncate(writer);
        if (!free && !warned && WalFile.Length(databasePath) is > WarningBytes and var length)
        {
            warned = true;
            Log.WalIsLong(logger, length / (1024 * 1024));
        }
    }

    public void Dispose() => checkpointer.Dispose();

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "The write-ahead log is {Megabytes} MB long, because another process has been reading the database for long: end it (a backup, a sqlite3 shell; lsof gateway.db-wal names it), and the log shrinks by itself.")]
        public static partial void WalIsLong(ILogger logger, long megabytes);
    }
}
