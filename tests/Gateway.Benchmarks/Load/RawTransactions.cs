using System.Diagnostics;
using Gateway.Activities;
using Gateway.Persistence.Sqlite;

namespace Gateway.Benchmarks.Load;

/// <summary>
/// What one guarded, synced transaction costs without a gateway around it: one row under a unique key and one beside it,
/// in a file on the same disk.
/// </summary>
internal static class RawTransactions
{
    private const int Count = 2_000;

    /// <summary>The median.</summary>
    public static TimeSpan Measure()
    {
        var directory = Directory.CreateTempSubdirectory("gateway-load-");
        try
        {
            var path = Path.Combine(directory.FullName, "raw.db");
            File.Create(path).Dispose();
            using var database = SqliteDatabase.OpenWriter(path);
            database.Execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL");
            database.Execute("CREATE TABLE outcomes (sequence INTEGER PRIMARY KEY, activity_id BLOB UNIQUE, body BLOB); CREATE TABLE outbox (sequence INTEGER PRIMARY KEY, activity_id BLOB)");
            var (begin, commit) = (database.Prepare("BEGIN IMMEDIATE"), database.Prepare("COMMIT"));
            var outcome = database.Prepare("INSERT INTO outcomes (activity_id, body) VALUES (?1, ?2) ON CONFLICT DO NOTHING");
            var entry = database.Prepare("INSERT INTO outbox (sequence, activity_id) VALUES (?1, ?2)");
            var times = new TimeSpan[Count];
            for (var i = 0; i < Count; i++)
            {
                var id = ActivityId.New(TimeProvider.System.GetUtcNow());
                var started = Stopwatch.GetTimestamp();
                begin.Run();
                outcome.Bind(1, id).Bind(2, new byte[100]).Run();
                entry.Bind(1, database.LastInsertedRow).Bind(2, id).Run();
                commit.Run();
                times[i] = Stopwatch.GetElapsedTime(started);
            }

            Array.Sort(times);
            return times[Count / 2];
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }
}
