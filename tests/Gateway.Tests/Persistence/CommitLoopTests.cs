using System.Collections.Concurrent;
using Gateway.Activities;
using Gateway.Persistence;
using Gateway.Persistence.Sqlite;
using Gateway.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Gateway.Tests.Persistence;

/// <summary>Group commit on the one writer thread.</summary>
public sealed class CommitLoopTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly string directory = TempDirectory.Create();
    private readonly ManualTime time = new();
    private readonly ConcurrentQueue<int> batches = new();
    private readonly ConcurrentQueue<CommitNotice> notices = new();

    public void Dispose() => TempDirectory.Delete(directory);

    /// <param name="commit">How long the commit before takes, in seconds.</param>
    [Theory]
    [InlineData(1, 256)]
    [InlineData(0, 224)]
    public async Task Whatever_waits_is_committed_together_and_each_caller_gets_its_own_answer(int commit, int together)
    {
        using var storage = Open();
        using var hold = new Hold(storage.Commits, () => time.Advance(TimeSpan.FromSeconds(commit)));
        var answers = Enumerable.Range(0, 300).Select(i => storage.Commits.RunAsync(session => Register(session, i))).ToArray();
        await hold.ReleaseAsync();

        var registered = await Task.WhenAll(answers);
        Assert.Equal(Enumerable.Range(0, 300).Select(i => $"{i}"), registered.Select(added => added.Activity.Reference.ActivityId));
        Assert.Equal([1, together, 300 - together], batches);
    }

    [Fact]
    public async Task A_change_that_fails_fails_alone()
    {
        using var storage = Open();
        using var hold = new Hold(storage.Commits);
        var before = storage.Commits.RunAsync(session => Register(session, 1));
        var bad = storage.Commits.RunAsync<bool>(session =>
        {
            Register(session, 2);
            throw new InvalidOperationException("bad");
        });
        var after = storage.Commits.RunAsync(session => Register(session, 3));
        await hold.ReleaseAsync();

        Assert.NotNull(await storage.Activities.FindAsync((await before).Activity.Id));
        Assert.NotNull(await storage.Activities.FindAsync((await after).Activity.Id));
        await Assert.ThrowsAsync<StorageException>(() => bad);
        Assert.Null(await storage.Activities.FindNewestAsync("default", "w", null, "2"));
    }

    [Fact]
    public async Task A_full_queue_says_so_at_once()
    {
        using var storage = Open(new StorageOptions { DataDirectory = directory, MaxQueuedChanges = 2 });
        using var hold = new Hold(storage.Commits);
        var first = storage.Commits.RunAsync(session => Register(session, 1));
        var second = storage.Commits.RunAsync(session => Register(session, 2));
        var third = storage.Commits.RunAsync(session => Register(session, 3));
        Assert.True(third.IsFaulted);
        await Assert.ThrowsAsync<OverloadedException>(() => third);
        await hold.ReleaseAsync();
        await Task.WhenAll(first, second);
        Assert.Equal("4", (await storage.Commits.RunAsync(session => Register(session, 4))).Activity.Reference.ActivityId);
    }

    [Fact]
    public async Task A_queue_full_of_bytes_says_so_and_one_large_change_still_gets_through()
    {
        using var storage = Open(new StorageOptions { DataDirectory = directory, MaxQueuedBytes = 1000 });
        using var hold = new Hold(storage.Commits);
        var large = storage.Commits.RunAsync(session => Register(session, 1), bytes: 5000);
        await Assert.ThrowsAsync<OverloadedException>(() => storage.Commits.RunAsync(session => Register(session, 2), bytes: 1));
        await hold.ReleaseAsync();
        await large;
        await storage.Commits.RunAsync(session => Register(session, 3), bytes: 900);
    }

    [Fact]
    public async Task Stopping_finishes_what_was_accepted_and_refuses_the_rest()
    {
        Task<Registered.Added> accepted;
        CommitLoop<ISqliteChange> commits;
        using (var storage = Open())
        {
            commits = storage.Commits;
            accepted = commits.RunAsync(session => Register(session, 1));
        }

        await accepted;
        await Assert.ThrowsAsync<StorageException>(() => commits.RunAsync(session => Register(session, 2)));
        Assert.False(File.Exists(Path.Combine(directory, "gateway.db-wal")));
        using var again = Open();
        Assert.NotNull(await again.Activities.FindNewestAsync("default", "w", null, "1"));
    }

    [Fact]
    public async Task One_of_many_ends_wins_and_only_its_entry_is_written()
    {
        using var storage = Open();
        var activity = (await storage.Commits.RunAsync(session => Register(session, 1))).Activity;
        var ends = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => storage.Commits.RunAsync(session =>
        {
            var body = System.Text.Encoding.UTF8.GetBytes($"{i}");
            var transition = (Transition.Applied)activity.Close(new Outcome.Completed(body, OutcomeDigest.Of(body)), ClosedBy.Token, Now);
            return session.Activities.Close(activity, transition);
        })));
        Assert.Equal(1, ends.Count(end => end is Guarded.Done));
        Assert.Equal(activity.Id, Assert.Single(notices).Closed);
        Assert.Single(await storage.Outbox.LeaseAsync(ResumeKind.Pull, "default/default", 10, Now, TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void A_second_storage_on_the_same_directory_is_refused()
    {
        using var storage = Open();
        Assert.Contains("in use", Assert.Throws<StartupException>(() => Open()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_reader_can_neither_write_nor_checkpoint()
    {
        using var storage = Open();
        using var reader = SqliteDatabase.OpenReader(Path.Combine(directory, "gateway.db"));
        Assert.Throws<SqliteFailure>(() => reader.Execute("DELETE FROM activities"));
    }

    private SqliteStorage Open(StorageOptions? options = null) => new(
        Options.Create(options ?? new StorageOptions { DataDirectory = directory }),
        time,
        notices.Enqueue,
        NullLogger<SqliteStorage>.Instance,
        batches.Enqueue);

    private static Registered.Added Register(SqliteWriter session, int number)
    {
        var activity = new WorkflowActivity
        {
            Id = ActivityId.New(Now),
            Reference = new WorkflowReference("default", "w", "", $"{number}", 1),
            CreatedAt = Now,
            Deadline = Now.AddDays(1),
            Resume = new ResumeTarget(ResumeKind.Pull, "default"),
        };
        return (Registered.Added)session.Activities.Register(new NewActivity(activity, null, activity.Id.ToBytes()), Now);
    }

    /// <summary>Keeps the writer's thread busy until released, so that what comes meanwhile waits.</summary>
    private sealed class Hold : IDisposable
    {
        private readonly ManualResetEventSlim released = new();
        private readonly Task held;

        public Hold(CommitLoop<ISqliteChange> commits, Action? meanwhile = null)
        {
            using var entered = new ManualResetEventSlim();
            held = commits.RunAsync(_ =>
            {
                meanwhile?.Invoke();
                entered.Set();
                return released.Wait(TimeSpan.FromMinutes(1));
            });
            entered.Wait();
        }

        public Task ReleaseAsync()
        {
            released.Set();
            return held;
        }

        public void Dispose()
        {
            released.Set();
            released.Dispose();
        }
    }
}
