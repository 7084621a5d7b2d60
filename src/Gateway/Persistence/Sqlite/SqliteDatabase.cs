using SQLitePCL;

namespace Gateway.Persistence.Sqlite;

/// <summary>One SQLite connection, used by one thread at a time.</summary>
internal sealed class SqliteDatabase : IDisposable
{
    /// <summary>Milliseconds to wait for somebody else's lock.</summary>
    private const int BusyTimeout = 5000;

    /// <summary>Pages of a copy between which others get a turn at the disk.</summary>
    private const int CopiedPages = 1024;

    private readonly sqlite3 handle;
    private readonly nint native;
    private readonly List<SqliteStatement> statements = [];

    static SqliteDatabase() => Batteries_V2.Init();

    private SqliteDatabase(sqlite3 handle) => (this.handle, native) = (handle, handle.DangerousGetHandle());

    public static SqliteDatabase OpenWriter(string path) => Open(path, raw.SQLITE_OPEN_READWRITE);

    /// <summary>It only checkpoints.</summary>
    public static SqliteDatabase OpenCheckpointer(string path)
    {
        var database = OpenWriter(path);
        database.Execute("PRAGMA synchronous=FULL");

        // Until it has read, a connection does not know that there is a log.
        database.Execute("SELECT COUNT(*) FROM sqlite_schema");
        return database;
    }

    /// <summary>Read-only: it can neither write nor checkpoint.</summary>
    public static SqliteDatabase OpenReader(string path) => Open(path, raw.SQLITE_OPEN_READONLY);

    /// <summary>Rows changed by the last statement.</summary>
    public int Changes => NativeSqlite.Changes(native);

    public long LastInsertedRow => NativeSqlite.LastInsertedRow(native);

    public bool InTransaction => raw.sqlite3_get_autocommit(handle) == 0;

    /// <summary>Compiles a statement that lives as long as the connection.</summary>
    public SqliteStatement Prepare(string sql)
    {
        var code = raw.sqlite3_prepare_v3(handle, sql, raw.SQLITE_PREPARE_PERSISTENT, out var statement);
        if (code != raw.SQLITE_OK)
        {
            throw Failure();
        }

        var prepared = new SqliteStatement(this, statement);
        statements.Add(prepared);
        return prepared;
    }

    public void Execute(string sql)
    {
        if (raw.sqlite3_exec(handle, sql) != raw.SQLITE_OK)
        {
            throw Failure();
        }
    }

    /// <summary>One value, as text: for pragmas.</summary>
    public string Scalar(string sql)
    {
        if (raw.sqlite3_prepare_v2(handle, sql, out var statement) != raw.SQLITE_OK)
        {
            throw Failure();
        }

        using (statement)
        {
            return raw.sqlite3_step(statement) == raw.SQLITE_ROW ? raw.sqlite3_column_text(statement, 0).utf8_to_string() ?? "" : "";
        }
    }

    /// <summary>From here on a commit's pages are written to the log together. Needs <c>synchronous=FULL</c>.</summary>
    public void GatherLog() => GatheredLog.Attach(native);

    /// <summary>Pages this connection has written since the last call.</summary>
    public int TakeWrittenPages()
    {
        raw.sqlite3_db_status(handle, raw.SQLITE_DBSTATUS_CACHE_WRITE, out var written, out _, 1);
        return written;
    }

    /// <summary>Moves what it can from the WAL into the database, without waiting for readers or keeping a writer waiting.</summary>
    /// <exception cref="SqliteFailure">It could not be moved; nothing is lost by it.</exception>
    public void Checkpoint()
    {
        if (raw.sqlite3_wal_checkpoint_v2(handle, "main", raw.SQLITE_CHECKPOINT_PASSIVE, out _, out _) is not (raw.SQLITE_OK or raw.SQLITE_BUSY))
        {
            throw Failure();
        }
    }

    /// <summary>Moves what the WAL holds into the database, and lets it begin anew where nobody reads it.</summary>
    /// <inheritdoc cref="TryEmptyWal"/>
    public bool TryRestartWal(int patience) => TryEmptyWal(raw.SQLITE_CHECKPOINT_RESTART, patience);

    /// <summary>Moves what the WAL holds into the database, and cuts the WAL off where nobody reads it.</summary>
    /// <inheritdoc cref="TryEmptyWal"/>
    public bool TryTruncateWal(int patience) => TryEmptyWal(raw.SQLITE_CHECKPOINT_TRUNCATE, patience);

    /// <summary>Copies every page as of this connection's transaction, which must have read already.</summary>
    /// <param name="target">An empty database.</param>
    /// <returns>How many pages there were.</returns>
    public int CopyTo(SqliteDatabase target)
    {
        var backup = raw.sqlite3_backup_init(target.handle, "main", handle, "main") ?? throw target.Failure();
        using (backup)
        {
            int code;
            do
            {
                code = raw.sqlite3_backup_step(backup, CopiedPages);
            }
            while (code == raw.SQLITE_OK);
            return code == raw.SQLITE_DONE
                ? raw.sqlite3_backup_pagecount(backup)
                : throw new SqliteFailure(code, raw.sqlite3_errstr(code).utf8_to_string());
        }
    }

    public SqliteFailure Failure() => new(raw.sqlite3_extended_errcode(handle), raw.sqlite3_errmsg(handle).utf8_to_string());

    public void Dispose()
    {
        foreach (var statement in statements)
        {
            statement.Dispose();
        }

        handle.Dispose();
    }

    /// <param name="patience">How long to wait for readers, in milliseconds.</param>
    /// <returns>False where a reader still needs the WAL.</returns>
    private bool TryEmptyWal(int mode, int patience)
    {
        Execute($"PRAGMA busy_timeout={patience}");
        var code = raw.sqlite3_wal_checkpoint_v2(handle, "main", mode, out _, out _);
        var failure = code is raw.SQLITE_OK or raw.SQLITE_BUSY ? null : Failure();
        Execute($"PRAGMA busy_timeout={BusyTimeout}");
        return failure is null ? code == raw.SQLITE_OK : throw failure;
    }

    private static SqliteDatabase Open(string path, int mode)
    {
        var code = raw.sqlite3_open_v2(path, out var handle, mode | raw.SQLITE_OPEN_NOMUTEX, null);
        if (code != raw.SQLITE_OK)
        {
            var failure = new SqliteFailure(code, raw.sqlite3_errstr(code).utf8_to_string());
            handle?.Dispose();
            throw failure;
        }

        var database = new SqliteDatabase(handle);
        raw.sqlite3_extended_result_codes(handle, 1);
        database.Execute($"PRAGMA busy_timeout={BusyTimeout}");
        return database;
    }
}
