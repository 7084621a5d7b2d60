using System.Text;
using Gateway.Activities;
using Gateway.Persistence;
using Gateway.Persistence.Postgres;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Gateway.Tests.Persistence;

/// <summary>Two nodes over one database: what one of them remembers of its own registrations closes nothing that the other changed.</summary>
[OnPostgres]
public sealed class RememberedActivitiesTests : IDisposable
{
    private static readonly ResumeTarget Queue = new(ResumeKind.Pull, "q");

    private readonly ManualTime time = new();
    private readonly TestData data = TestData.Create(Store.Postgres);
    private readonly TestStore one;
    private readonly TestStore other;

    public RememberedActivitiesTests() =>
        (one, other) = (TestStore.Over(TestData.On(data.ConnectionString!), time), TestStore.Over(TestData.On(data.ConnectionString!), time));

    private RecentActivities Recent => ((PostgresStorage)one.Storage).Recent;

    public void Dispose()
    {
        one.Dispose();
        other.Dispose();
        data.Dispose();
    }

    [StoreFact]
    public async Task What_is_remembered_equals_the_row()
    {
        var registration = one.Detailed("Two\nlines");
        var activity = registration.Activity;
        await one.Activities.RegisterAsync(registration, time.Now());

        var kept = (await one.Activities.FindToCloseAsync(activity.Id))!;
        var row = (await one.Activities.FindAsync(activity.Id))!;
        Assert.True(kept.Remembered);
        Assert.False(row.Remembered);
        Assert.NotNull(kept.SchemaId);
        Assert.Equal(row.Labels.OrderBy(label => label.Key), kept.Labels.OrderBy(label => label.Key));
        Assert.Equal(row, kept with { Labels = row.Labels, Remembered = false });
    }

    [StoreTheory]
    [InlineData(null)]
    [InlineData(60)]
    public async Task What_nobody_changed_is_closed_without_a_look(int? heartbeatSeconds)
    {
        var guess = await RememberedAsync(heartbeatSeconds);
        Assert.Equal(Guarded.Done, await one.Activities.CloseAsync(guess, one.Completion(guess, "1")));
        Assert.Equal(ActivityState.Completed, (await other.Activities.FindAsync(guess.Id))!.State);
        Assert.Equal(Guarded.NotPending, await one.Activities.CloseAsync(guess, one.Completion(guess, "2")));
        Assert.Equal("1", await ResultAsync(guess.Id));
    }

    [StoreTheory]
    [InlineData("close")]
    [InlineData("expire")]
    [InlineData("supersede")]
    [InlineData("purge")]
    public async Task What_another_node_closed_stays_as_it_is(string change)
    {
        var guess = await RememberedAsync(60);
        await ChangeAsync(other, guess, change);
        var before = await other.Activities.FindAsync(guess.Id);

        Assert.Equal(Guarded.NotPending, await one.Activities.CloseAsync(guess, one.Completion(guess, "2")));
        Assert.Equal(before, await other.Activities.FindAsync(guess.Id));
        await using var context = one.Storage.OpenContext();
        var key = guess.Id.ToBytes();
        Assert.Equal(change is "purge" ? 0 : 1, await context.Outcomes.CountAsync(outcome => outcome.ActivityId == key));
        Assert.Equal(change is "purge" ? 0 : 1, await context.Outbox.CountAsync(entry => entry.ActivityId == key));
    }

    [StoreTheory]
    [InlineData("heartbeat", 60)]
    [InlineData("heartbeat", null)]
    [InlineData("cancel", null)]
    [InlineData("rotate", null)]
    public async Task What_another_node_changed_is_closed_after_a_look_alone(string change, int? heartbeatSeconds)
    {
        var guess = await RememberedAsync(heartbeatSeconds);
        await ChangeAsync(other, guess, change);
        Assert.Equal(Guarded.NotPending, await one.Activities.CloseAsync(guess, one.Completion(guess, "1")));
        Assert.Equal(ActivityState.Pending, (await other.Activities.FindAsync(guess.Id))!.State);

        var row = (await one.Activities.FindToCloseAsync(guess.Id))!;
        Assert.Equal(await other.Activities.FindAsync(guess.Id), row);
        Assert.Equal(Guarded.Done, await one.Activities.CloseAsync(row, one.Completion(row, "1")));
        Assert.Equal(row.LastHeartbeat, (await other.Activities.FindAsync(guess.Id))!.Closing!.LastHeartbeat);
    }

    [StoreTheory]
    [InlineData("close")]
    [InlineData("expire")]
    [InlineData("heartbeat")]
    [InlineData("cancel")]
    [InlineData("rotate")]
    [InlineData("supersede")]
    public async Task What_this_node_changes_it_remembers_no_more(string change)
    {
        var guess = await RememberedAsync(60);
        await ChangeAsync(one, guess, change);
        Assert.Null(Recent.Find(guess.Id));
        Assert.Equal(await other.Activities.FindAsync(guess.Id), await one.Activities.FindToCloseAsync(guess.Id));
    }

    [StoreFact]
    public async Task A_wrong_guess_spoils_nothing_for_the_others_of_its_batch()
    {
        var guesses = new List<WorkflowActivity>();
        for (var i = 0; i < 40; i++)
        {
            guesses.Add(await RememberedAsync());
        }

        foreach (var changed in guesses.Where((_, place) => place % 4 == 0))
        {
            await ChangeAsync(other, changed, "rotate");
        }

        var answers = await Task.WhenAll(guesses.Select(guess => one.Activities.CloseAsync(guess, one.Completion(guess, "1"))));
        Assert.Equal(guesses.Select((_, place) => place % 4 == 0 ? Guarded.NotPending : Guarded.Done), answers);
        var entries = await one.Outbox.LeaseAsync(ResumeKind.Pull, "default/q", 100, time.Now(), TimeSpan.FromSeconds(30));
        Assert.Equal(
            guesses.Where((_, place) => place % 4 != 0).Select(guess => guess.Id).Order(), entries.Select(entry => entry.ActivityId).Order());
    }

    [StoreFact]
    public async Task An_outcome_that_is_being_committed_elsewhere_wins_and_the_others_of_the_batch_are_written()
    {
        var (contested, neighbour) = (await RememberedAsync(), await RememberedAsync());
        await using var connection = new NpgsqlConnection(data.ConnectionString);
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var insert = new NpgsqlCommand(
            "INSERT INTO outcomes (activity_id, state, closed_at, closed_by, digest, body) VALUES ($1, 1, 0, 0, '', '')", connection)
        {
            Parameters = { Parameter.Of(contested.Id) },
        };
        await insert.ExecuteNonQueryAsync();
        var closings = new[] { contested, neighbour }.Select(guess => one.Activities.CloseAsync(guess, one.Completion(guess, "1"))).ToArray();
        await using var waiting = new NpgsqlCommand("SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted AND locktype = 'transactionid')", connection);
        while (!(bool)(await waiting.ExecuteScalarAsync())!)
        {
            Assert.DoesNotContain(closings, closing => closing.IsFaulted);
        }

        await transaction.CommitAsync();
        Assert.Equal([Guarded.NotPending, Guarded.Done], await Task.WhenAll(closings));
        Assert.Equal(neighbour.Id, Assert.Single(await one.Outbox.LeaseAsync(ResumeKind.Pull, "default/q", 10, time.Now(), TimeSpan.FromSeconds(30))).ActivityId);
    }

    [StoreFact]
    public async Task A_superseded_attempt_of_the_same_batch_is_not_remembered()
    {
        var (first, second) = (one.Pending(Queue, step: "s"), one.Pending(Queue, step: "s", attempt: 2));
        await one.Activities.RegisterAsync([new NewActivity(first, null, [1]), new NewActivity(second, null, [2])], time.Now());
        Assert.Null(Recent.Find(first.Id));
        Assert.NotNull(Recent.Find(second.Id));
    }

    [StoreFact]
    public async Task A_completion_after_its_registration_commits_without_a_read()
    {
        var settings = new NpgsqlConnectionStringBuilder(data.ConnectionString);
        await using var proxy = CuttingProxy.To(settings.Host!, settings.Port);
        (settings.Host, settings.Port) = ("127.0.0.1", proxy.Port);
        using var store = TestStore.Over(TestData.On(settings.ConnectionString), time);
        var id = await store.RegisterAsync(Queue);

        // A statement's text is sent when it is first run: whoever read the activity would lose his connection.
        proxy.LoseMessage("WHERE a.id = ANY ($1)");
        var guess = (await store.Activities.FindToCloseAsync(id))!;
        Assert.Equal(Guarded.Done, await store.Activities.CloseAsync(guess, store.Completion(guess, "1")));
        Assert.False(proxy.HasCut);
        Assert.Equal(ActivityState.Completed, (await store.Activities.FindAsync(id))!.State);
        Assert.True(proxy.HasCut);
    }

    [StoreFact]
    public async Task A_registration_whose_answer_was_lost_is_not_remembered()
    {
        var settings = new NpgsqlConnectionStringBuilder(data.ConnectionString);
        await using var proxy = CuttingProxy.To(settings.Host!, settings.Port);
        (settings.Host, settings.Port) = ("127.0.0.1", proxy.Port);
        using var store = TestStore.Over(TestData.On(settings.ConnectionString), time);
        await store.RegisterAsync(Queue);
        var activity = store.Pending(Queue, step: "the-step");
        proxy.LoseAnswerTo("the-step");
        Assert.IsType<Registered.Added>(await store.RegisterAsync(activity));
        Assert.True(proxy.HasCut);
        Assert.False((await store.Activities.FindToCloseAsync(activity.Id))!.Remembered);
    }

    private async Task<WorkflowActivity> RememberedAsync(int? heartbeatSeconds = null)
    {
        var activity = one.Pending(Queue, heartbeatSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null);
        Assert.IsType<Registered.Added>(await one.RegisterAsync(activity));
        var guess = (await one.Activities.FindToCloseAsync(activity.Id))!;
        Assert.True(guess.Remembered);
        return guess;
    }

    private async Task ChangeAsync(TestStore node, WorkflowActivity activity, string change)
    {
        switch (change)
        {
            case "close":
                await node.CompleteAsync(activity.Id);
                break;
            case "expire":
                Assert.Equal(1, await node.Activities.ExpireDueAsync(activity.NextDue, 10));
                break;
            case "heartbeat":
                time.Advance(TimeSpan.FromSeconds(1));
                var beat = Assert.IsType<HeartbeatTransition.Applied>(activity.Heartbeat(time.Now()));
                Assert.Equal(Guarded.Done, await node.Activities.HeartbeatAsync(activity.Id, beat, null));
                break;
            case "cancel":
                Assert.Equal(Guarded.Done, await node.Activities.RequestCancelAsync(activity.Id, "why", time.Now()));
                break;
            case "rotate":
                Assert.Equal(Guarded.Done, await node.Activities.RotateAsync(activity.Id, 0, time.Now()));
                break;
            case "supersede":
                var later = node.Pending(Queue, step: activity.Reference.ActivityId, attempt: 2);
                Assert.IsType<Registered.Added>(await node.RegisterAsync(later));
                break;
            case "purge":
                await node.CompleteAsync(activity.Id);
                var entry = Assert.Single(await node.Outbox.LeaseAsync(ResumeKind.Pull, "default/q", 1, time.Now(), TimeSpan.FromSeconds(30)));
                await node.Outbox.SettleAsync([LeaseId.Of(entry)], new Settlement.Delivered(), "default", time.Now());
                Assert.Equal(1, (await node.Activities.PurgeAsync(time.Now().AddDays(1), 0, 10)).Count);
                break;
        }
    }

    private async Task<string> ResultAsync(ActivityId id) =>
        Encoding.UTF8.GetString((await other.Outbox.LoadAsync(id))!.Outcome.Body.Span);
}
