using Gateway.Activities;
using Gateway.Persistence;
using Gateway.Tests.Support;

namespace Gateway.Tests.Persistence;

/// <summary>What every store must do, without a gateway around it.</summary>
public abstract class StoreConformanceTests : IDisposable
{
    private static readonly ResumeTarget Queue = new(ResumeKind.Pull, "q");
    private static readonly ResumeTarget Hook = new(ResumeKind.Webhook, "https://runner.example.com/hook");
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    private readonly ManualTime time = new();
    private readonly TestStore store;

    protected StoreConformanceTests(Store store) => this.store = new TestStore(time, store);

    public void Dispose() => store.Dispose();

    [StoreFact]
    public async Task One_of_many_ends_wins_and_only_its_entry_is_written()
    {
        var activity = await PendingAsync(Queue);
        var ends = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Task.Run(() =>
            store.Activities.CloseAsync(activity, store.Completion(activity, $"{i}")))));
        Assert.Equal(1, ends.Count(end => end is Guarded.Done));
        var leased = Assert.Single(await LeaseAsync(Queue, 10));
        var loaded = await store.Outbox.LoadAsync(leased.ActivityId);
        var closing = (await store.Activities.FindAsync(activity.Id))!.Closing!;
        Assert.Equal(OutcomeDigest.Of(loaded!.Outcome.Body.Span), closing.Digest);
    }

    [StoreFact]
    public async Task A_batch_of_registrations_answers_each_in_its_place_and_supersedes_within_itself()
    {
        var (first, second, other) = (Step("s", 1), Step("s", 2), Step("t", 1));
        var answers = await store.Activities.RegisterAsync(
            [New(first), New(second), New(other), New(second), New(Step("s", 2)), New(Step("s", 1)), New(first)], time.Now());
        Assert.IsType<Registered.Added>(answers[0]);
        Assert.IsType<Registered.Added>(answers[1]);
        Assert.IsType<Registered.Added>(answers[2]);
        Assert.Equal(second.Id, Assert.IsType<Registered.Repeated>(answers[3], exactMatch: false).Activity.Id);
        Assert.Equal(second.Id, Assert.IsType<Registered.Different>(answers[4]).Existing);
        Assert.Equal(first.Id, Assert.IsType<Registered.Different>(answers[5]).Existing);
        Assert.Equal(first.Id, Assert.IsType<Registered.Repeated>(answers[6], exactMatch: false).Activity.Id);
        Assert.Equal(
            (ActivityState.Canceled, ClosedBy.Superseded),
            ((await store.Activities.FindAsync(first.Id))!.State, (await store.Activities.FindAsync(first.Id))!.Closing!.ClosedBy));
        Assert.Equal(second.Id, (await store.Activities.FindNewestAsync("default", "order-42", null, "s"))!.Id);
        Assert.Equal(second.Id, (await store.Activities.FindNewestAsync("default", "order-42", "", "s"))!.Id);
        Assert.Null(await store.Activities.FindNewestAsync("default", "order-42", "other", "s"));
    }

    [StoreFact]
    public async Task A_lower_attempt_after_a_higher_one_is_outdated()
    {
        var higher = Step("s", 3);
        await store.RegisterAsync(higher);
        Assert.Equal(new Registered.Outdated(higher.Id, 3), await store.RegisterAsync(Step("s", 2)));
    }

    [StoreFact]
    public async Task Names_as_long_as_they_may_be_in_any_script_are_kept_and_found()
    {
        var (workflow, step) = (new string('工', 1000), new string('é', 1000));
        var activity = Step(step, 1) with { Reference = new WorkflowReference("default", workflow, new string('r', 200), step, 1) };
        var target = new ResumeTarget(ResumeKind.Webhook, "https://runner.example.com/" + string.Concat(Enumerable.Range(0, 400).Select(i => $"ж{i}")));
        await store.RegisterAsync(activity with { Resume = target, Description = "a\0b" });
        var found = await store.Activities.FindNewestAsync("default", workflow, null, step);
        Assert.Equal(activity.Reference, found!.Reference);
        await store.CompleteAsync(activity.Id);
        var (lane, _) = Assert.Single(await store.Outbox.LanesAsync(ResumeKind.Webhook, "", 10));
        Assert.StartsWith("https://runner.example.com/", lane, StringComparison.Ordinal);
        Assert.Equal(activity.Id, Assert.Single(await store.Outbox.LeaseAsync(ResumeKind.Webhook, lane, 1, time.Now(), Lease)).ActivityId);
    }

    [StoreFact]
    public async Task Lanes_come_in_slices_in_the_order_of_their_names()
    {
        foreach (var number in new[] { 3, 1, 5, 2, 4 })
        {
            await store.CompletedAsync(new ResumeTarget(ResumeKind.Webhook, $"https://runner.example.com/{number}"));
            await store.CompletedAsync(new ResumeTarget(ResumeKind.Webhook, $"https://runner.example.com/{number}"));
        }

        Assert.Equal("1 2 3 4 5", await LanesAsync("", 10));
        Assert.Equal("1 2", await LanesAsync("", 2));
        Assert.Equal("3 4", await LanesAsync("https://runner.example.com/2", 2));
        Assert.Equal("5", await LanesAsync("https://runner.example.com/4", 2));
        Assert.Equal("", await LanesAsync("https://runner.example.com/5", 2));

        async Task<string> LanesAsync(string after, int limit) =>
            string.Join(' ', (await store.Outbox.LanesAsync(ResumeKind.Webhook, after, limit)).Select(lane => lane.Lane[^1]));
    }

    [StoreFact]
    public async Task Leases_are_handed_out_oldest_first_and_an_entry_has_one_holder()
    {
        var ids = new List<ActivityId>();
        for (var i = 0; i < 20; i++)
        {
            ids.Add(await store.CompletedAsync(Queue));
            time.Advance(TimeSpan.FromMilliseconds(1));
        }

        var leased = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Task.Run(() => LeaseAsync(Queue, 3))));
        Assert.Equal(15, leased.Sum(entries => entries.Count));
        Assert.Equal(ids.Take(15).Order(), leased.SelectMany(entries => entries).Select(entry => entry.ActivityId).Order());
        Assert.All(leased, entries => Assert.Equal(entries.OrderBy(entry => ids.IndexOf(entry.ActivityId)), entries));
        Assert.Equal(ids.Skip(15), (await LeaseAsync(Queue, 100)).Select(entry => entry.ActivityId));
        Assert.Equal(time.Now() + Lease, await store.Outbox.NextDueAsync(ResumeKind.Pull, "default/q"));
    }

    [StoreFact]
    public async Task A_frozen_holders_late_settlement_changes_nothing()
    {
        var id = await store.CompletedAsync(Queue);
        var frozen = Assert.Single(await LeaseAsync(Queue, 1));
        time.Advance(Lease);
        var next = Assert.Single(await LeaseAsync(Queue, 1));
        Assert.Equal((frozen.Sequence, frozen.Epoch + 1, 2), (next.Sequence, next.Epoch, next.Attempt));
        Assert.Equal([LeaseAnswer.Lost], await SettleAsync(new Settlement.Delivered(), frozen));
        Assert.Equal([LeaseAnswer.Lost], await SettleAsync(new Settlement.RetryAt(time.Now()), frozen));
        Assert.Equal(EntryStatus.Leased, (EntryStatus)(await store.EntryAsync(id)).Status);
        Assert.Equal([LeaseAnswer.Settled], await SettleAsync(new Settlement.Delivered(), next));
        Assert.Equal([LeaseAnswer.Lost], await SettleAsync(new Settlement.Delivered(), frozen));
    }

    [StoreFact]
    public async Task Settlements_that_arrive_together_are_answered_one_after_the_other()
    {
        await store.CompletedAsync(Queue);
        await store.CompletedAsync(Queue);
        var entries = await LeaseAsync(Queue, 2);
        Assert.Equal(
            [LeaseAnswer.Settled, LeaseAnswer.Repeated, LeaseAnswer.Lost, LeaseAnswer.Settled],
            await store.Outbox.SettleAsync(
                [LeaseId.Of(entries[0]), LeaseId.Of(entries[0]), null, LeaseId.Of(entries[1])], new Settlement.Delivered(), null, time.Now()));
        Assert.Equal(
            [LeaseAnswer.Lost, LeaseAnswer.Repeated],
            [.. await SettleAsync(new Settlement.RetryAt(time.Now()), entries[0]), .. await SettleAsync(new Settlement.Delivered(), entries[1])]);
        Assert.Equal([LeaseAnswer.Lost], await store.Outbox.SettleAsync([LeaseId.Of(entries[0])], new Settlement.Delivered(), "other", time.Now()));
    }

    [StoreFact]
    public async Task An_attempt_is_kept_with_what_followed_from_it()
    {
        var id = await store.CompletedAsync(Hook);
        var entry = Assert.Single(await LeaseAsync(Hook, 1));
        Assert.False(await store.Outbox.MayHaveArrivedAsync(entry));
        Assert.Equal(LeaseAnswer.Settled, await store.Outbox.RecordAttemptAsync(
            entry, time.Now(), TimeSpan.FromSeconds(1), "no\0answer", new Settlement.RetryAt(time.Now()), time.Now(), mayHaveArrived: true));
        var again = Assert.Single(await LeaseAsync(Hook, 1));
        Assert.True(await store.Outbox.MayHaveArrivedAsync(again));
        Assert.Equal(time.Now(), await store.Outbox.FirstAttemptAtAsync(again));
        Assert.Equal(LeaseAnswer.Settled, await store.Outbox.RecordAttemptAsync(
            again, time.Now(), TimeSpan.FromSeconds(1), "gone", new Settlement.Dead("gone"), time.Now()));
        Assert.Equal([1, 2], (await store.AttemptsAsync(id)).Select(attempt => attempt.Number));
        Assert.Equal(1, await store.Outbox.RedeliverAsync([id, ActivityId.New(time.Now())], time.Now()));
        Assert.Equal(1, Assert.Single(await LeaseAsync(Hook, 1)).Attempt);
    }

    [StoreFact]
    public async Task A_heartbeat_moves_its_deadline_until_the_activity_is_closed()
    {
        var activity = store.Pending(Queue, heartbeatTimeout: TimeSpan.FromSeconds(60));
        await store.RegisterAsync(activity);
        time.Advance(TimeSpan.FromSeconds(50));
        var beat = Assert.IsType<HeartbeatTransition.Applied>(activity.Heartbeat(time.Now()));
        Assert.Equal(Guarded.Done, await store.Activities.HeartbeatAsync(activity.Id, beat, "1"u8.ToArray()));
        Assert.Equal(Guarded.Done, await store.Activities.HeartbeatAsync(activity.Id, beat, null));
        var found = (await store.Activities.FindAsync(activity.Id))!;
        Assert.Equal((time.Now(), time.Now().AddSeconds(60)), (found.LastHeartbeat!.Value, found.HeartbeatDeadline!.Value));
        Assert.Equal("1"u8.ToArray(), (await store.Activities.ProgressAsync(activity.Id))!.Value.ToArray());
        await store.CompleteAsync(activity.Id);
        Assert.Equal(Guarded.NotPending, await store.Activities.HeartbeatAsync(activity.Id, beat, null));
    }

    [StoreFact]
    public async Task Only_what_fell_due_is_closed_and_a_stale_reminder_is_moved()
    {
        var silent = store.Pending(Queue, heartbeatTimeout: TimeSpan.FromSeconds(60));
        var beating = store.Pending(Queue, heartbeatTimeout: TimeSpan.FromSeconds(60));
        await store.Activities.RegisterAsync([New(silent), New(beating)], time.Now());
        Assert.Equal(silent.HeartbeatDeadline, await store.Activities.NextDeadlineAsync());
        time.Advance(TimeSpan.FromSeconds(30));
        var beat = Assert.IsType<HeartbeatTransition.Applied>(beating.Heartbeat(time.Now()));
        await store.Activities.HeartbeatAsync(beating.Id, beat, null);
        time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(2, await store.Activities.ExpireDueAsync(time.Now(), 100));
        Assert.Equal(0, await store.Activities.ExpireDueAsync(time.Now(), 100));
        Assert.Equal(
            (ActivityState.TimedOut, TimeoutKind.Heartbeat),
            ((await store.Activities.FindAsync(silent.Id))!.State, (await store.Activities.FindAsync(silent.Id))!.Closing!.TimeoutKind));
        Assert.Equal(ActivityState.Pending, (await store.Activities.FindAsync(beating.Id))!.State);
        Assert.Equal(beat.HeartbeatDeadline, await store.Activities.NextDeadlineAsync());
    }

    [StoreFact]
    public async Task Retention_removes_what_was_delivered_long_ago_and_keeps_the_rest()
    {
        var (delivered, unread) = (await store.CompletedAsync(Queue), await store.CompletedAsync(new ResumeTarget(ResumeKind.Pull, "other")));
        await SettleAsync(new Settlement.Delivered(), Assert.Single(await LeaseAsync(Queue, 1)));
        Assert.Equal(0, (await store.Activities.PurgeAsync(time.Now(), 0, 100)).Count);
        time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(new Purged(1, null), await store.Activities.PurgeAsync(time.Now(), 0, 100));
        Assert.Null(await store.Activities.FindAsync(delivered));
        Assert.NotNull(await store.Activities.FindAsync(unread));

        // Of the two reminders the removed one's is gone with it, however far away its deadline was.
        Assert.Equal(1, await store.Activities.ExpireDueAsync(time.Now().AddYears(10), 10));
    }

    [StoreFact]
    public async Task Rare_changes_happen_once_and_only_while_pending()
    {
        var id = await store.RegisterAsync(Queue);
        Assert.Equal(Guarded.Done, await store.Activities.RequestCancelAsync(id, "first\0", time.Now()));
        Assert.Equal(Guarded.NotPending, await store.Activities.RequestCancelAsync(id, "second", time.Now()));
        Assert.Equal(Guarded.Done, await store.Activities.RotateAsync(id, 0, time.Now()));
        Assert.Equal(Guarded.NotPending, await store.Activities.RotateAsync(id, 0, time.Now()));
        var found = (await store.Activities.FindAsync(id))!;
        Assert.StartsWith("first", found.CancelReason, StringComparison.Ordinal);
        Assert.Equal((1, time.Now()), (found.Generation, found.CancelRequestedAt!.Value));
        await store.Activities.ProbeAsync();
    }

    private async Task<WorkflowActivity> PendingAsync(ResumeTarget target) =>
        (await store.Activities.FindAsync(await store.RegisterAsync(target)))!;

    private WorkflowActivity Step(string step, int attempt) => store.Pending(Queue, step: step, attempt: attempt);

    private static NewActivity New(WorkflowActivity activity) => new(activity, null, activity.Id.ToBytes());

    private Task<IReadOnlyList<ResumptionEntry>> LeaseAsync(ResumeTarget target, int max) =>
        store.Outbox.LeaseAsync(target.Kind, target.Lane("default"), max, time.Now(), Lease);

    private Task<LeaseAnswer[]> SettleAsync(Settlement settlement, ResumptionEntry entry) =>
        store.Outbox.SettleAsync([LeaseId.Of(entry)], settlement, "default", time.Now());
}

public sealed class SqliteConformanceTests() : StoreConformanceTests(Store.Sqlite);

[OnPostgres]
public sealed class PostgresConformanceTests() : StoreConformanceTests(Store.Postgres);
