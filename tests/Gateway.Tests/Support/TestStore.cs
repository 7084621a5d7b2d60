using System.Text;
using Gateway.Activities;
using Gateway.Persistence;
using Gateway.Persistence.Postgres;
using Gateway.Persistence.Sqlite;
using Gateway.Resumption;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Gateway.Tests.Support;

/// <summary>A real store with data of its own, and the doors that tests of the push side need.</summary>
internal sealed class TestStore : IDisposable
{
    private readonly TestData data;
    private readonly TimeProvider time;
    private readonly int maxQueuedChanges;
    private IStorage storage;

    public TestStore(TimeProvider time, Store store = Store.Sqlite, int maxQueuedChanges = 10_000)
        : this(time, TestData.Create(store), maxQueuedChanges)
    {
    }

    private TestStore(TimeProvider time, TestData data, int maxQueuedChanges)
    {
        (this.time, this.data, this.maxQueuedChanges) = (time, data, maxQueuedChanges);
        Signal = new OutboxSignal(time);
        storage = Open();
    }

    /// <param name="data">Deleted at the end.</param>
    public static TestStore Over(TestData data, TimeProvider time) => new(time, data, 10_000);

    public OutboxSignal Signal { get; private set; }

    public IStorage Storage => storage;

    public IActivityStore Activities => storage.Activities;

    public IOutboxStore Outbox => storage.Outbox;

    /// <summary>What a restart of the process does: all that is in memory is gone, and the data is opened again.</summary>
    public void Restart()
    {
        storage.Dispose();
        Signal = new OutboxSignal(time);
        storage = Open();
    }

    public WorkflowActivity Pending(ResumeTarget target, TimeSpan? heartbeatTimeout = null, string? step = null, int attempt = 1)
    {
        var now = time.Now();
        var id = ActivityId.New(now);
        return new WorkflowActivity
        {
            Id = id,
            Reference = new WorkflowReference("default", "order-42", "", step ?? id.ToString(), attempt),
            CreatedAt = now,
            Deadline = now.AddDays(30),
            HeartbeatTimeout = heartbeatTimeout,
            HeartbeatDeadline = now + heartbeatTimeout,
            Resume = target,
        };
    }

    /// <summary>A registration with every setting but a result for its timeout, which is never kept in memory; its texts need more than ASCII and escaping.</summary>
    /// <param name="description">The caller's, because not every database keeps every character.</param>
    public NewActivity Detailed(string description)
    {
        var activity = Pending(new ResumeTarget(ResumeKind.Temporal, "prod", """{"namespace":"n"}"""), TimeSpan.FromSeconds(90)) with
        {
            Reference = new WorkflowReference("team", "order-工", "run-1", "charge", 7),
            ActivityType = "ChargeCard",
            Description = description,
            AssertFormat = true,
            Labels = new Dictionary<string, string> { ["customer"] = "42", ["größe"] = "\"xl\"" },
        };
        return new NewActivity(activity, new KnownSchema("""{"type":"string"}"""u8.ToArray()), [1]);
    }

    public Task<Registered> RegisterAsync(WorkflowActivity activity) =>
        Activities.RegisterAsync(new NewActivity(activity, null, activity.Id.ToBytes()), time.Now());

    public async Task<ActivityId> RegisterAsync(ResumeTarget target)
    {
        var activity = Pending(target);
        Assert.IsType<Registered.Added>(await RegisterAsync(activity));
        return activity.Id;
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
        var activity = (await Activities.FindAsync(id))!;
        Assert.Equal(Guarded.Done, await Activities.CloseAsync(activity, Completion(activity, result)));
    }

    public Transition.Applied Completion(WorkflowActivity activity, string result)
    {
        var body = Encoding.UTF8.GetBytes(result);
        return Assert.IsType<Transition.Applied>(activity.Close(new Outcome.Completed(body, OutcomeDigest.Of(body)), ClosedBy.Token, time.Now()));
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
        data.Dispose();
    }

    private IStorage Open()
    {
        var options = new StorageOptions
        {
            DataDirectory = data.Directory,
            ConnectionString = data.ConnectionString,
            MaxQueuedChanges = maxQueuedChanges,
        };
        return data.Store is Store.Postgres
            ? new PostgresStorage(options, new DatabaseTime(TimeProvider.System), Signal.Committed, () => [], NullLogger<PostgresStorage>.Instance)
            : new SqliteStorage(Options.Create(options), time, Signal.Committed, NullLogger<SqliteStorage>.Instance);
    }
}
