namespace Gateway.Persistence.Sqlite;

/// <summary>The one connection that writes, used by the commit loop's thread only. <see cref="Checkpointer"/> moves what it writes.</summary>
internal sealed class SqliteWriter : IDisposable
{
    /// <summary>What is left of the WAL's file once it is reset, in bytes.</summary>
    public const long KeptWalBytes = 64 * 1024 * 1024;

    /// <summary>
    /// Of pages in memory, in KiB. A commit that rearranged an index page makes SQLite walk all of them as long as the file is
    /// below 1 GB (it numbers pages beyond the file's end while it sorts them, and drops at the commit what lies there): with
    /// 64 MB that was a fifth of the commit loop's time. What is not here is in the system's cache.
    /// </summary>
    private const int CacheKibibytes = 16 * 1024;

    private readonly SqliteDatabase database;
    private readonly RecentActivities recent;
    private readonly SqliteStatement begin;
    private readonly SqliteStatement commit;
    private readonly List<CommitNotice> notices = [];

    public SqliteWriter(string path, RecentActivities recent)
    {
        this.recent = recent;
        database = SqliteDatabase.OpenWriter(path);
        database.Execute("PRAGMA journal_mode=WAL");
        database.Execute("PRAGMA synchronous=FULL");
        database.Execute("PRAGMA foreign_keys=ON");
        database.Execute("PRAGMA wal_autocheckpoint=0");
        database.Execute($"PRAGMA journal_size_limit={KeptWalBytes}");
        database.Execute($"PRAGMA cache_size=-{CacheKibibytes}");
        Require("PRAGMA journal_mode", "wal");
        Require("PRAGMA synchronous", "2");
        begin = database.Prepare("BEGIN IMMEDIATE");
        commit = database.Prepare("COMMIT");
        var deadlines = new DeadlineTable(database);
        Activities = new ActivityTables(database, deadlines, recent, Notify);
        Outbox = new OutboxTable(database, Notify);
        Retention = new RetentionTables(database, deadlines);
        database.GatherLog();
    }

    public ActivityTables Activities { get; }

    public OutboxTable Outbox { get; }

    public RetentionTables Retention { get; }

    /// <summary>Writes all changes in one transaction, or none.</summary>
    /// <returns>What it made leasable, good until the next call.</returns>
    /// <inheritdoc cref="Transact{TState}"/>
    public IReadOnlyList<CommitNotice> Commit(IReadOnlyList<ISqliteChange> batch)
    {
        Transact(batch, static (session, changes) =>
        {
            foreach (var change in changes)
            {
                change.Apply(session);
            }
        });
        return notices;
    }

    /// <summary>Runs the body in one transaction.</summary>
    /// <exception cref="UncertainCommitException">
    /// The commit itself failed. It is undone for every connection of this process, but its pages may lie complete in the WAL,
    /// where the next process would find them.
    /// </exception>
    /// <exception cref="SqliteFailure">It failed before the commit: nothing of it stays, nor will.</exception>
    public void Transact<TState>(TState state, Action<SqliteWriter, TState> body)
    {
        notices.Clear();
        begin.Run();
        try
        {
            body(this, state);
        }
        catch
        {
            Rollback();
            throw;
        }

        try
        {
            commit.Run();
        }
        catch (SqliteFailure failure)
        {
            Rollback();
            throw failure.IsOfStorage ? new UncertainCommitException(failure) : failure;
        }

        recent.Publish();
    }

    /// <inheritdoc cref="SqliteDatabase.TakeWrittenPages"/>
    public int TakeWrittenPages() => database.TakeWrittenPages();

    /// <inheritdoc cref="SqliteDatabase.TryRestartWal"/>
    public bool TryRestartWal(int patience) => database.TryRestartWal(patience);

    /// <inheritdoc cref="SqliteDatabase.TryTruncateWal"/>
    public bool TryTruncateWal(int patience) => database.TryTruncateWal(patience);

    /// <summary>Proves that a commit reaches the disk: the only write is a counter in the file's header.</summary>
    public bool Probe(int mark)
    {
        database.Execute($"PRAGMA user_version={mark}");
        return true;
    }

    public void Dispose() => database.Dispose();

    private void Notify(CommitNotice notice) => notices.Add(notice);

    private void Rollback()
    {
        notices.Clear();
        Activities.Forget();
        recent.Discard();
        if (!database.InTransaction)
        {
            return;
        }

        try
        {
            database.Execute("ROLLBACK");
        }
        catch (SqliteFailure failure) when (failure.IsOfStorage)
        {
            // What made the transaction fail is thrown in a moment; closing the connection undoes the rest.
        }
    }

    private void Require(string pragma, string expected)
    {
        var actual = database.Scalar(pragma);
        if (actual != expected)
        {
            throw new StorageException($"{pragma} reads '{actual}', not '{expected}': a commit would not be durable.");
        }
    }
}
