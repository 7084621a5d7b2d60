using Gateway.Persistence;
using Gateway.Persistence.Sqlite;
using Gateway.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using SQLitePCL;

namespace Gateway.Tests.Persistence;

/// <summary>What the writer does after SQLite has refused it; real disks are in <c>Proof/Storage</c>.</summary>
public sealed class FailStopTests : IDisposable
{
    private readonly string directory = TempDirectory.Create();
    private readonly ManualTime time = new();
    private readonly List<string> givenUp = [];

    public void Dispose() => TempDirectory.Delete(directory);

    [Fact]
    public async Task After_a_failure_changes_are_refused_at_once_until_it_is_time_to_try_again()
    {
        using var storage = Open();
        await Assert.ThrowsAsync<StorageDownException>(() => FailAsync(storage, raw.SQLITE_FULL));
        var ran = false;
        await Assert.ThrowsAsync<StorageDownException>(() => storage.Commits.RunAsync(_ => ran = true));
        Assert.False(ran);

        time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.True(await storage.Commits.RunAsync(_ => true));
    }

    [Fact]
    public async Task The_pause_grows_with_failures_up_to_two_seconds_and_begins_anew_after_a_success()
    {
        using var storage = Open();
        foreach (var pause in new[] { 100, 200, 400, 800, 1600, 2000, 2000 })
        {
            await Assert.ThrowsAsync<StorageDownException>(() => FailAsync(storage, raw.SQLITE_FULL));
            time.Advance(TimeSpan.FromMilliseconds(pause - 1));
            await Assert.ThrowsAsync<StorageDownException>(() => storage.Commits.RunAsync(_ => true));
            time.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.True(await storage.Commits.RunAsync(_ => true));
        await Assert.ThrowsAsync<StorageDownException>(() => FailAsync(storage, raw.SQLITE_FULL));
        time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.True(await storage.Commits.RunAsync(_ => true));
    }

    [Theory]
    [InlineData(raw.SQLITE_IOERR, 1)]
    [InlineData(raw.SQLITE_CORRUPT, 1)]
    [InlineData(raw.SQLITE_FULL, 0)]
    [InlineData(raw.SQLITE_BUSY, 0)]
    public async Task A_disk_that_stays_broken_is_given_up_and_one_that_is_full_or_busy_is_waited_for(int code, int lines)
    {
        using var storage = Open();
        await Assert.ThrowsAsync<StorageDownException>(() => FailAsync(storage, code));
        time.Advance(TimeSpan.FromSeconds(29));
        await Assert.ThrowsAsync<StorageDownException>(() => FailAsync(storage, code));
        Assert.Empty(givenUp);
        time.Advance(TimeSpan.FromSeconds(2));
        await Assert.ThrowsAsync<StorageDownException>(() => FailAsync(storage, code));
        Assert.Equal(lines, givenUp.Count);
    }

    [Fact]
    public async Task A_change_that_breaks_a_rule_is_no_failure_of_the_storage()
    {
        using var storage = Open();
        await Assert.ThrowsAsync<SqliteFailure>(() => FailAsync(storage, raw.SQLITE_CONSTRAINT));
        Assert.True(await storage.Commits.RunAsync(_ => true));
    }

    private static Task<bool> FailAsync(SqliteStorage storage, int code) =>
        storage.Commits.RunAsync<bool>(_ => throw new SqliteFailure(code, "as asked"));

    private SqliteStorage Open() => new(
        Options.Create(new StorageOptions { DataDirectory = directory }), time, static _ => { }, NullLogger<SqliteStorage>.Instance,
        giveUp: givenUp.Add);
}
