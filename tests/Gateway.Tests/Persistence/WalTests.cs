using System.Globalization;
using Gateway.Activities;
using Gateway.Persistence;
using Gateway.Persistence.Sqlite;
using Gateway.Tests.Support;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Gateway.Tests.Persistence;

/// <summary>The write-ahead log, which grows while somebody reads an old state and is cut off afterwards.</summary>
public sealed class WalTests : IDisposable
{
    private const long Megabyte = 1024 * 1024;

    private readonly string directory = TempDirectory.Create();
    private readonly ManualTime time = new();
    private readonly CollectedLogs<SqliteStorage> logs = new();

    private IEnumerable<string> Warnings => logs.Lines.Where(line => line.Level >= LogLevel.Warning).Select(line => line.Text);

    private string Database => Path.Combine(directory, "gateway.db");

    public void Dispose() => TempDirectory.Delete(directory);

    [Fact]
    public async Task No_read_of_the_gateway_keeps_a_snapshot()
    {
        using var storage = Open();
        var id = ActivityId.New(time.Now());
        await WriteAsync(storage, 1);
        await storage.Activities.FindAsync(id);
        await storage.Activities.FindNewestAsync("default", "w", null, "a");
        await storage.Activities.SchemaTextAsync(1);
        await storage.Activities.ProgressAsync(id);
        await storage.Activities.NextDeadlineAsync();
        await storage.Outbox.LanesAsync(ResumeKind.Pull, "", 10);
        await storage.Outbox.NextDueAsync(ResumeKind.Pull, "default/default");
        await storage.Outbox.LoadAsync(id);
        var search = new ActivitySearch(storage.OpenContext);
        await search.FindAsync(new ActivityQuery(null, null, null, null, [], null, null, null), 500, default);
        await search.FindDeliveriesAsync(new DeliveryQuery(null, null, null, null), null, 500, default);
        await search.FindHistoryAsync(id, default);

        await WriteAsync(storage, 1);
        using var other = SqliteDatabase.OpenWriter(Database);
        Assert.Equal("2", other.Scalar("SELECT COUNT(*) FROM history"));
        Assert.True(other.TryTruncateWal(patience: 0));
        Assert.Equal(0, WalFile.Length(Database));
    }

    [Fact]
    public async Task The_log_begins_anew_while_commits_go_on()
    {
        using var storage = Open();
        var longest = 0L;
        for (var i = 0; i < 50; i++)
        {
            await WriteAsync(storage, 10);
            longest = Math.Max(longest, WalFile.Length(Database));
        }

        Assert.InRange(longest, 40 * Megabyte, 250 * Megabyte);
        Assert.Empty(Warnings);
    }

    [Fact]
    public void What_is_committed_is_moved_into_the_database_beside_the_writer()
    {
        Open().Dispose();
        using var checkpointer = new Checkpointer(Database, logs);
        using var writer = new SqliteWriter(Database, new RecentActivities(1));
        var before = new FileInfo(Database).Length;

        Write(writer, 3);
        checkpointer.Look(writer);
        Assert.False(checkpointer.IsRunning);

        Write(writer, 3);
        checkpointer.Look(writer);
        Assert.True(SpinWait.SpinUntil(() => !checkpointer.IsRunning, TimeSpan.FromSeconds(30)));
        Assert.InRange(new FileInfo(Database).Length, before + (6 * Megabyte), before + (7 * Megabyte));
        Assert.InRange(WalFile.Length(Database), 6 * Megabyte, 7 * Megabyte);
        Assert.Empty(Warnings);
    }

    [Fact]
    public void A_round_that_fails_is_told_once_and_tried_again_with_later_commits()
    {
        Open().Dispose();
        using var writer = new SqliteWriter(Database, new RecentActivities(1));
        var absent = Path.Combine(directory, "absent.db");
        using var checkpointer = new Checkpointer(absent, logs);
        for (var i = 0; i < 3; i++)
        {
            Round();
        }

        Assert.Contains("could not be moved", Assert.Single(Warnings), StringComparison.Ordinal);
        Assert.InRange(new FileInfo(Database).Length, 0, Megabyte);

        File.CreateSymbolicLink(absent, Database);
        Round();
        Assert.InRange(new FileInfo(Database).Length, 24 * Megabyte, 26 * Megabyte);
        Assert.Single(Warnings);

        void Round()
        {
            Write(writer, 6);
            checkpointer.Look(writer);
            Assert.True(SpinWait.SpinUntil(() => !checkpointer.IsRunning, TimeSpan.FromSeconds(30)));
            checkpointer.Look(writer);
        }
    }

    [Fact]
    public void Sqlite_can_be_checkpointed_from_a_second_connection()
    {
        using var storage = Open();
        using var reader = SqliteDatabase.OpenReader(Database);
        Assert.True(Version.Parse(reader.Scalar("SELECT sqlite_version()")) >= new Version(3, 51, 3));
    }

    [Fact]
    public async Task The_log_grows_while_a_foreign_reader_holds_a_snapshot_and_shrinks_when_it_ends()
    {
        using var storage = Open();
        await WriteAsync(storage, 1);

        using (var reader = SqliteDatabase.OpenReader(Database))
        {
            reader.Execute("BEGIN");
            reader.Scalar("SELECT COUNT(*) FROM history");
            await WriteAsync(storage, 100);
            Assert.InRange(WalFile.Length(Database), 95 * Megabyte, 110 * Megabyte);
            Assert.Empty(Warnings);
            await WriteAsync(storage, 170);
            Assert.InRange(WalFile.Length(Database), 256 * Megabyte, 290 * Megabyte);
            await LookAsync(storage);
            await LookAsync(storage);
            Assert.Contains("write-ahead log is", Assert.Single(Warnings), StringComparison.Ordinal);
        }

        await LookAsync(storage);
        Assert.InRange(WalFile.Length(Database), 0, Megabyte);
        Assert.Single(Warnings);
    }

    /// <summary>A few seconds later the next commit has the log looked at.</summary>
    private async Task LookAsync(SqliteStorage storage)
    {
        time.Advance(TimeSpan.FromSeconds(6));
        await storage.Commits.RunAsync(_ => true);
    }

    private async Task WriteAsync(SqliteStorage storage, int megabytes)
    {
        var id = ActivityId.New(time.Now());
        var text = new string('x', (int)Megabyte);
        for (var i = 0; i < megabytes; i++)
        {
            var @event = i.ToString(CultureInfo.InvariantCulture);
            await storage.Activities.NoteAsync(id, time.Now(), @event, text);
        }

        time.Advance(TimeSpan.FromMilliseconds(1));
    }

    private static void Write(SqliteWriter writer, int megabytes) => writer.Transact(megabytes, static (session, count) =>
    {
        for (var i = 0; i < count; i++)
        {
            session.Activities.Note(ActivityId.New(DateTimeOffset.UnixEpoch), DateTimeOffset.UnixEpoch, "x", new string('x', (int)Megabyte));
        }
    });

    private SqliteStorage Open() => new(
        Options.Create(new StorageOptions { DataDirectory = directory }), time, static _ => { }, logs);
}
