using Gateway.Activities;
using Gateway.Persistence;
using Gateway.Persistence.Sqlite;
using Gateway.Tests.Support;

namespace Gateway.Tests.Persistence;

/// <summary>What the embedded store answers from memory is what stands in the database.</summary>
public sealed class RecentActivitiesTests : IDisposable
{
    private static readonly ResumeTarget Queue = new(ResumeKind.Pull, "q");

    private readonly ManualTime time = new();
    private readonly TestStore store;
    private readonly RecentActivities alone = new(capacity: 2);

    public RecentActivitiesTests() => store = new TestStore(time);

    private SqliteStorage Storage => (SqliteStorage)store.Storage;

    public void Dispose() => store.Dispose();

    [Fact]
    public async Task The_copy_in_memory_equals_the_row()
    {
        var registration = store.Detailed("Two\nlines, and \0");
        var activity = registration.Activity;
        await store.Activities.RegisterAsync(registration, time.Now());
        await RegisterAsync(store.Pending(Queue));

        var kept = Storage.Recent.Find(activity.Id)!;
        var row = Row(activity.Id)!;
        Assert.NotNull(kept.SchemaId);
        Assert.Equal(row.Labels.OrderBy(label => label.Key), kept.Labels.OrderBy(label => label.Key));
        Assert.Equal(activity.Labels.OrderBy(label => label.Key), kept.Labels.OrderBy(label => label.Key));
        Assert.Equal(row, kept with { Labels = row.Labels });
    }

    [Fact]
    public async Task A_plain_registration_equals_its_row_too()
    {
        var activity = await RegisterAsync(store.Pending(Queue));
        Assert.Equal(Row(activity.Id), Storage.Recent.Find(activity.Id));
    }

    [Theory]
    [InlineData("close")]
    [InlineData("expire")]
    [InlineData("heartbeat")]
    [InlineData("cancel")]
    [InlineData("rotate")]
    [InlineData("supersede")]
    public async Task Whatever_changes_an_activity_sends_its_readers_to_the_row(string change)
    {
        var activity = await RegisterAsync(store.Pending(Queue, TimeSpan.FromSeconds(60), step: "s"));
        Assert.NotNull(Storage.Recent.Find(activity.Id));
        time.Advance(TimeSpan.FromSeconds(change is "expire" ? 61 : 1));
        switch (change)
        {
            case "close":
                await store.CompleteAsync(activity.Id);
                break;
            case "expire":
                await store.Activities.ExpireDueAsync(time.Now(), 10);
                break;
            case "heartbeat":
                var beat = Assert.IsType<HeartbeatTransition.Applied>(activity.Heartbeat(time.Now()));
                Assert.Equal(Guarded.Done, await store.Activities.HeartbeatAsync(activity.Id, beat, null));
                break;
            case "cancel":
                Assert.Equal(Guarded.Done, await store.Activities.RequestCancelAsync(activity.Id, "why", time.Now()));
                break;
            case "rotate":
                Assert.Equal(Guarded.Done, await store.Activities.RotateAsync(activity.Id, 0, time.Now()));
                break;
            case "supersede":
                await RegisterAsync(store.Pending(Queue, step: "s", attempt: 2));
                break;
        }

        Assert.Null(Storage.Recent.Find(activity.Id));
        var found = (await store.Activities.FindAsync(activity.Id))!;
        Assert.NotEqual(activity, found with { Labels = activity.Labels });
        Assert.Equal(Row(activity.Id), found);
    }

    [Fact]
    public async Task A_superseded_attempt_of_the_same_batch_is_not_kept()
    {
        var (first, second) = (store.Pending(Queue, step: "s"), store.Pending(Queue, step: "s", attempt: 2));
        await store.Activities.RegisterAsync([new NewActivity(first, null, [1]), new NewActivity(second, null, [2])], time.Now());
        Assert.Null(Storage.Recent.Find(first.Id));
        Assert.NotNull(Storage.Recent.Find(second.Id));
    }

    [Fact]
    public async Task What_is_large_stays_in_the_database()
    {
        var result = await RegisterAsync(store.Pending(Queue) with { OnTimeoutResult = "1"u8.ToArray() });
        var text = await RegisterAsync(store.Pending(Queue) with { Description = new string('d', 4000) });
        var labels = await RegisterAsync(store.Pending(Queue) with { Labels = new Dictionary<string, string> { ["k"] = new string('v', 1024) } });
        var named = await RegisterAsync(store.Pending(Queue, step: new string('s', 1000)) with { ActivityType = new string('t', 100) });
        Assert.All([result, text, labels, named], activity => Assert.Null(Storage.Recent.Find(activity.Id)));
        Assert.Equal(new string('d', 4000), (await store.Activities.FindAsync(text.Id))!.Description);
    }

    [Fact]
    public void Only_what_is_committed_is_shown()
    {
        var (committed, undone) = (store.Pending(Queue), store.Pending(Queue));
        alone.Stage(undone, labels: 0);
        Assert.Null(alone.Find(undone.Id));
        alone.Discard();
        alone.Stage(committed, labels: 0);
        Assert.Null(alone.Find(committed.Id));
        alone.Publish();
        Assert.Same(committed, alone.Find(committed.Id));
        Assert.Null(alone.Find(undone.Id));
    }

    [Fact]
    public void The_oldest_make_room()
    {
        var activities = Enumerable.Range(0, 3).Select(_ => store.Pending(Queue)).ToArray();
        foreach (var activity in activities)
        {
            alone.Stage(activity, labels: 0);
            alone.Publish();
        }

        Assert.Equal([null, activities[1], activities[2]], activities.Select(activity => alone.Find(activity.Id)));
    }

    private async Task<WorkflowActivity> RegisterAsync(WorkflowActivity activity) =>
        Assert.IsType<Registered.Added>(await store.RegisterAsync(activity)).Activity;

    private WorkflowActivity? Row(ActivityId id) => Storage.Readers.Read(id, static (reader, id) => reader.Activities.Find(id));
}
