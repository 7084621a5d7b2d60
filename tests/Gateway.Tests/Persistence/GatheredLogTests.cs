using System.Globalization;
using Gateway.Activities;
using Gateway.Persistence;
using Gateway.Persistence.Sqlite;
using Gateway.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Gateway.Tests.Persistence;

/// <summary>The frames of a commit, which go to the log together.</summary>
public sealed class GatheredLogTests : IDisposable
{
    /// <summary>Of the calling thread, from the kernel.</summary>
    private const string Counters = "/proc/thread-self/io";

    /// <summary>In notes of 100 KB more than SQLite keeps in memory, so that it writes to the log before the commit.</summary>
    private const int Many = 300;

    private readonly string directory = TempDirectory.Create();
    private readonly SqliteWriter writer;

    public GatheredLogTests()
    {
        var options = Options.Create(new StorageOptions { DataDirectory = directory });
        new SqliteStorage(options, TimeProvider.System, static _ => { }, NullLogger<SqliteStorage>.Instance).Dispose();
        writer = new SqliteWriter(Database, new RecentActivities(1));
    }

    private string Database => Path.Combine(directory, "gateway.db");

    public void Dispose()
    {
        writer.Dispose();
        TempDirectory.Delete(directory);
    }

    [CountedFact]
    public void A_commit_is_one_write()
    {
        Write(1, 3000);
        var before = WritesOfThisThread();
        Write(1, 3000);
        Assert.Equal(1, WritesOfThisThread() - before);
    }

    [Fact]
    public void What_is_committed_is_read_by_others_at_once()
    {
        using var reader = SqliteDatabase.OpenReader(Database);
        for (var i = 1; i <= 50; i++)
        {
            Write(1, i * 500);
            Assert.Equal(i, Notes(reader));
        }
    }

    [Fact]
    public void A_transaction_that_outgrows_the_memory_is_whole_and_one_that_is_undone_leaves_nothing()
    {
        Write(3, 5000);
        Assert.Throws<InvalidOperationException>(() => Write(Many, 100_000, fails: true));
        using (var other = SqliteDatabase.OpenReader(Database))
        {
            Assert.Equal(3, Notes(other));
        }

        Write(Many, 100_000);
        Assert.Throws<InvalidOperationException>(() => Write(Many, 100_000, fails: true));
        Write(1, 5000);
        using var reader = SqliteDatabase.OpenReader(Database);
        Assert.Equal(3 + Many + 1, Notes(reader));
        Assert.Equal("ok", reader.Scalar("PRAGMA integrity_check"));
    }

    [Fact]
    public void What_is_gathered_is_read_again_as_it_was_written()
    {
        using var database = SqliteDatabase.OpenWriter(Database);
        database.Execute("PRAGMA synchronous=FULL; PRAGMA cache_size=4; CREATE TABLE scattered (id INTEGER PRIMARY KEY, text TEXT)");
        database.GatherLog();
        database.Execute("""
            BEGIN;
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
            INSERT INTO scattered SELECT i * 7919 % 100003, hex(zeroblob(100)) FROM n;
            UPDATE scattered SET text = text || id;
            COMMIT
            """);
        using var reader = SqliteDatabase.OpenReader(Database);
        Assert.Equal("2000", reader.Scalar("SELECT COUNT(*) FROM scattered WHERE text = hex(zeroblob(100)) || id"));
        Assert.Equal("ok", reader.Scalar("PRAGMA integrity_check"));
    }

    [Fact]
    public void The_log_is_cut_off_and_begins_anew()
    {
        Write(Many, 100_000);
        Assert.True(writer.TryTruncateWal(patience: 0));
        Assert.Equal(0, WalFile.Length(Database));
        Write(2, 5000);
        Assert.True(writer.TryRestartWal(patience: 0));
        Write(2, 5000);
        using var reader = SqliteDatabase.OpenReader(Database);
        Assert.Equal(Many + 4, Notes(reader));
        Assert.Equal("ok", reader.Scalar("PRAGMA integrity_check"));
    }

    private static long WritesOfThisThread() => long.Parse(
        File.ReadLines(Counters).First(line => line.StartsWith("syscw:", StringComparison.Ordinal))["syscw:".Length..], CultureInfo.InvariantCulture);

    private static int Notes(SqliteDatabase reader) => int.Parse(reader.Scalar("SELECT COUNT(*) FROM history"), CultureInfo.InvariantCulture);

    private void Write(int notes, int length, bool fails = false) => writer.Transact((notes, length, fails), static (session, work) =>
    {
        for (var i = 0; i < work.notes; i++)
        {
            session.Activities.Note(ActivityId.New(DateTimeOffset.UnixEpoch), DateTimeOffset.UnixEpoch, "x", new string('x', work.length));
        }

        if (work.fails)
        {
            throw new InvalidOperationException();
        }
    });

    /// <summary>Skipped where the kernel does not count a thread's calls.</summary>
    private sealed class CountedFactAttribute : FactAttribute
    {
        public CountedFactAttribute() => Skip = File.Exists(Counters) ? null : $"There is no {Counters}.";
    }
}
