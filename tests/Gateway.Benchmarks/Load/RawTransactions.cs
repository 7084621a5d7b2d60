using System.Diagnostics;
using Gateway.Activities;
using Gateway.Persistence.Sqlite;

namespace Gateway.Benchmarks.Load;

/// <summary>
/// What one guarded, synced transaction costs without a gateway around it: one row under a unique key and one beside it,
/// in a file on the same disk. It takes its turns like everything that is compared.
/// </summary>
internal sealed class RawTransactions : IDisposable
{
    private const int TurnSize = 500;

    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("gateway-load-");
    private readonly byte[] body;
    private readonly SqliteDatabase database;
    private readonly SqliteStatement begin;
    private readonly SqliteStatement outcome;
    private readonly SqliteStatement entry;
    private readonly SqliteStatement commit;

    /// <param name="body">What each stores: as large as what the gateway is sent.</param>
    public RawTransactions(byte[] body)
    {
        this.body = body;
        var path = Path.Combine(directory.FullName, "raw.db");
        File.Create(path).Dispose();
        database = SqliteDatabase.OpenWriter(path);
        database.Execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL");
        database.Execute("CREATE TABLE outcomes (sequence INTEGER PRIMARY KEY, activity_id BLOB UNIQUE, body BLOB); CREATE TABLE outbox (sequence INTEGER PRIMARY KEY, activity_id BLOB)");
        (begin, commit) = (database.Prepare("BEGIN IMMEDIATE"), database.Prepare("COMMIT"));
        outcome = database.Prepare("INSERT INTO outcomes (activity_id, body) VALUES (?1, ?2) ON CONFLICT DO NOTHING");
        entry = database.Prepare("INSERT INTO outbox (sequence, activity_id) VALUES (?1, ?2)");
    }

    /// <summary>The median of one turn.</summary>
    public TimeSpan Turn()
    {
        var times = new TimeSpan[TurnSize];
        for (var i = 0; i < TurnSize; i++)
        {
            var id = ActivityId.New(TimeProvider.System.GetUtcNow());
            var started = Stopwatch.GetTimestamp();
            begin.Run();
            outcome.Bind(1, id).Bind(2, body).Run();
            entry.Bind(1, database.LastInsertedRow).Bind(2, id).Run();
            commit.Run();
            times[i] = Stopwatch.GetElapsedTime(started);
        }

        Array.Sort(times);
        return times[TurnSize / 2];
    }

    public void Dispose()
    {
        database.Dispose();
        directory.Delete(recursive: true);
    }
}
