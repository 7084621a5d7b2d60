namespace Gateway.Persistence.Sqlite;

/// <summary>
/// The one connection that writes and checkpoints, used by the commit loop's thread only. SQLite 3.50 has a WAL-reset bug
/// that needs a second connection which checkpoints; there is none.
/// </summary>
internal sealed class SqliteWriter : IBatchWriter<ISqliteChange>
{
    private const int CheckpointPages = 4000;

    private readonly SqliteDatabase database;
    private readonly SqliteStatement begin;
    private readonly SqliteStatement commit;
    private readonly List<CommitNotice> notices = [];

    public SqliteWriter(string path)
    {
        database = SqliteDatabase.OpenWriter(path);
        database.Execute("PRAGMA journal_mode=WAL");
        database.Execute("PRAGMA synchronous=FULL");
        database.Execute("PRAGMA foreign_keys=ON");
        database.Execute($"PRAGMA wal_autocheckpoint={CheckpointPages}");
        database.Execute("PRAGMA journal_size_limit=67108864");
        database.Execute("PRAGMA cache_size=-65536");
        Require("PRAGMA journal_mode", "wal");
        Require("PRAGMA synchronous", "2");
        begin = database.Prepare("BEGIN IMMEDIATE");
        commit = database.Prepare("COMMIT");
        Activities = new ActivityTables(database, Notify);
        Outbox = new OutboxTable(database, Notify);
        Retention = new RetentionTables(database);
    }

    public ActivityTables Activities { get; }

    public OutboxTable Outbox { get; }

    public RetentionTables Retention { get; }

    public ValueTask<IReadOnlyList<CommitNotice>> CommitAsync(IReadOnlyList<ISqliteChange> batch)
    {
        Transact(batch, static (session, changes) =>
        {
            foreach (var change in changes)
            {
                change.Apply(session);
            }
        });
        return new(notices);
    }

    /// <summary>Runs the body in one transaction; on any failure nothing of it stays.</summary>
    public void Transact<TState>(TState state, Action<SqliteWriter, TState> body)
    {
        notices.Clear();
        begin.Run();
        try
        {
            body(this, state);
            commit.Run();
        }
        catch
        {
            Rollback();
            throw;
        }
    }

    /// <summary>Proves that a commit reaches the disk: the only write is a counter in the file's header.</summary>
    public bool Probe(int mark)
    {
        database.Execute($"PRAGMA user_version={mark}");
        return true;
    }

    public void Dispose()
    {
        database.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
        database.Dispose();
    }

    private void Notify(CommitNotice notice) => notices.Add(notice);

    private void Rollback()
    {
        notices.Clear();
        Activities.Forget();
        if (database.InTransaction)
        {
            database.Execute("ROLLBACK");
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
