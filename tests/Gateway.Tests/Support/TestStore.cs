using System.Text;
using Gateway.Activities;
using Gateway.Persistence;
using Gateway.Persistence.Sqlite;
using Gateway.Resumption;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Gateway.Tests.Support;

/// <summary>A real store in a directory of its own, with the doors that tests of the push side need.</summary>
internal sealed class TestStore : IDisposable
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("gateway-store-");
    private readonly ManualTime time;
    private readonly StorageOptions options;
    private SqliteStorage storage;

    public TestStore(ManualTime time, int maxQueuedChanges = 10_000)
    {
        this.time = time;
        options = new StorageOptions { DataDirectory = directory.FullName, MaxQueuedChanges = maxQueuedChanges };
        Signal = new OutboxSignal(time);
        storage = Open();
    }

    public OutboxSignal Signal { get; private set; }

    public CommitLoop<ISqliteChange> Commits => storage.Commits;

    public IActivityStore Activities => storage.Activities;

    public IOutboxStore Outbox => storage.Outbox;

    /// <summary>What a restart of the process does: all that is in memory is gone, and the file is opened again.</summary>
    public void Restart()
    {
        storage.Dispose();
        Signal = new OutboxSignal(time);
        storage = Open();
    }

    public async Task<ActivityId> RegisterAsync(ResumeTarget target)
    {
        var now = time.Now();
        var id = ActivityId.New(now);
        var activity = new WorkflowActivity
        {
            Id = id,
            Reference = new WorkflowReference("default", "order-42", "", id.ToString(), 1),
            CreatedAt = now,
            Deadline = now.AddDays(30),
            Resume = target,
        };
        Assert.IsType<Registered.Added>(await Activities.RegisterAsync(new NewActivity(activity, null, id.ToBytes()), now));
        return id;
    }

    /// <summary>Registers an activity and completes it: its outbox entry is due.</summary>
    public async Task<ActivityId> CompletedAsync(ResumeTarget target, string result = "1")
    {
        var id = await RegisterAsync(target);
        await CompleteAsync(id, result);
        return id;
    }

    public async Task CompleteAsync(ActivityId id, string result = "1")
    {
        var body = Encoding.UTF8.GetBytes(result);
        var activity = (await Activities.FindAsync(id))!;
        var transition = activity.Close(new Outcome.Completed(body, OutcomeDigest.Of(body)), ClosedBy.Token, time.Now());
        Assert.Equal(Guarded.Done, await Activities.CloseAsync(activity, Assert.IsType<Transition.Applied>(transition)));
    }

    public async Task<OutboxRow> EntryAsync(ActivityId id)
    {
        await using var context = storage.OpenContext();
        var key = id.ToBytes();
        return await context.Outbox.SingleAsync(entry => entry.ActivityId == key);
    }

    public async Task<IReadOnlyList<AttemptRow>> AttemptsAsync(ActivityId id)
    {
        var sequence = (await EntryAsync(id)).Sequence;
        await using var context = storage.OpenContext();
        return await context.Attempts.Where(attempt => attempt.Sequence == sequence).OrderBy(attempt => attempt.Number).ToListAsync();
    }

    public void Dispose()
    {
        storage.Dispose();
        using (var pooled = new SqliteConnection(SqliteStorage.ReadOnlyConnectionString(options.DatabasePath)))
        {
            SqliteConnection.ClearPool(pooled);
        }

        directory.Delete(recursive: true);
    }

    private SqliteStorage Open() => new(Options.Create(options), time, Signal.Committed, NullLogger<SqliteStorage>.Instance);
}
