using Gateway.Persistence;
using Gateway.Persistence.Sqlite;

namespace Gateway.Benchmarks.Load;

/// <summary>Two prepared inserts for each body, one synced transaction for each batch.</summary>
internal sealed class SqliteBodies : IBatchWriter<BodyChange>
{
    private readonly SqliteDatabase database;
    private readonly SqliteStatement begin;
    private readonly SqliteStatement outcome;
    private readonly SqliteStatement entry;
    private readonly SqliteStatement commit;

    /// <param name="path">Of the file, which is made.</param>
    public SqliteBodies(string path)
    {
        File.Create(path).Dispose();
        database = SqliteDatabase.OpenWriter(path);
        database.Execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL");
        database.Execute("CREATE TABLE outcomes (sequence INTEGER PRIMARY KEY, activity_id BLOB UNIQUE, body BLOB); CREATE TABLE outbox (sequence INTEGER PRIMARY KEY, activity_id BLOB)");
        (begin, commit) = (database.Prepare("BEGIN IMMEDIATE"), database.Prepare("COMMIT"));
        outcome = database.Prepare("INSERT INTO outcomes (activity_id, body) VALUES (?1, ?2) ON CONFLICT DO NOTHING");
        entry = database.Prepare("INSERT INTO outbox (sequence, activity_id) VALUES (?1, ?2)");
    }

    public ValueTask<IReadOnlyList<CommitNotice>> CommitAsync(IReadOnlyList<BodyChange> batch)
    {
        Commit(batch);
        return new([]);
    }

    public void Commit(IReadOnlyList<BodyChange> batch)
    {
        begin.Run();
        foreach (var change in batch)
        {
            outcome.Bind(1, change.Id).Bind(2, change.Body).Run();
            entry.Bind(1, database.LastInsertedRow).Bind(2, change.Id).Run();
        }

        commit.Run();
    }

    public void Dispose() => database.Dispose();
}
