using System.Diagnostics;
using Gateway.Activities;
using Gateway.Persistence;
using Gateway.Tests.Support;
using Npgsql;

namespace Gateway.Tests.Persistence;

/// <summary>The connection to PostgreSQL breaks while a commit is under way: it is found out what became of it.</summary>
public sealed class BrokenCommitTests : IAsyncLifetime
{
    private static readonly ResumeTarget Queue = new(ResumeKind.Pull, "q");

    private readonly ManualTime time = new();
    private string database = "";
    private CuttingProxy proxy = null!;
    private TestStore store = null!;

    public Task InitializeAsync()
    {
        database = PostgresServer.NewDatabase();
        var settings = new NpgsqlConnectionStringBuilder(database);
        proxy = CuttingProxy.To(settings.Host!, settings.Port);
        (settings.Host, settings.Port) = ("127.0.0.1", proxy.Port);
        store = TestStore.Over(TestData.On(settings.ConnectionString), time);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        store.Dispose();
        await proxy.DisposeAsync();
        PostgresServer.Drop(database);
    }

    [PostgresFact]
    public async Task A_completion_whose_answer_was_lost_is_found_and_acknowledged()
    {
        var activity = await PendingAsync();
        proxy.LoseAnswerTo("the-result");
        Assert.Equal(Guarded.Done, await store.Activities.CloseAsync(activity, store.Completion(activity, "\"the-result\"")));
        await AssertClosedOnceAsync(activity, "\"the-result\"");
    }

    [PostgresFact]
    public async Task A_completion_that_never_reached_the_server_is_written_by_the_second_try()
    {
        var activity = await PendingAsync();
        proxy.LoseMessage("the-result");
        Assert.Equal(Guarded.Done, await store.Activities.CloseAsync(activity, store.Completion(activity, "\"the-result\"")));
        await AssertClosedOnceAsync(activity, "\"the-result\"");
    }

    [PostgresFact]
    public async Task A_completion_that_lost_against_another_is_not_taken_for_the_winner_after_its_answer_was_lost()
    {
        var activity = await PendingAsync();
        await store.CompleteAsync(activity.Id, "\"the-winner\"");
        proxy.LoseAnswerTo("the-loser");
        Assert.Equal(Guarded.NotPending, await store.Activities.CloseAsync(activity, store.Completion(activity, "\"the-loser\"")));
        await AssertClosedOnceAsync(activity, "\"the-winner\"");
    }

    [PostgresFact]
    public async Task A_registration_whose_answer_was_lost_is_added_once()
    {
        await store.RegisterAsync(Queue);
        var activity = store.Pending(Queue, step: "the-step");
        proxy.LoseAnswerTo("the-step");
        Assert.IsType<Registered.Added>(await store.RegisterAsync(activity));
        Assert.True(proxy.HasCut);
        Assert.Equal(activity.Id, (await store.Activities.FindNewestAsync("default", "order-42", null, "the-step"))!.Id);
    }

    [PostgresFact]
    public async Task A_commit_that_cannot_be_asked_after_in_time_is_answered_as_unknown_and_the_next_ones_work_again()
    {
        var activity = await PendingAsync();
        proxy.Freeze();
        var watch = Stopwatch.StartNew();
        await Assert.ThrowsAsync<UncertainCommitException>(() => store.Activities.CloseAsync(activity, store.Completion(activity, "1")));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(8), $"told after {watch.Elapsed}");
        proxy.Thaw();
        var other = await PendingAsync();
        await store.CompleteAsync(other.Id);
        await AssertClosedOnceAsync(other, "1");
    }

    private async Task<WorkflowActivity> PendingAsync() => (await store.Activities.FindAsync(await store.RegisterAsync(Queue)))!;

    private async Task AssertClosedOnceAsync(WorkflowActivity activity, string result)
    {
        Assert.True(proxy.HasCut);
        var loaded = await store.Outbox.LoadAsync(activity.Id);
        Assert.Equal(result, System.Text.Encoding.UTF8.GetString(loaded!.Outcome.Body.Span));
        Assert.Equal(0, (await store.EntryAsync(activity.Id)).Attempts);
    }
}
