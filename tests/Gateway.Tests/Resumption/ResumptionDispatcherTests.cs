using Gateway.Activities;
using Gateway.Persistence.Sqlite;
using Gateway.Resumption;
using Gateway.Tests.Support;

namespace Gateway.Tests.Resumption;

public abstract class ResumptionDispatcherTests(Store store) : IDisposable
{
    private readonly DispatcherFixture fixture = new(store);

    public void Dispose() => fixture.Dispose();

    [StoreFact]
    public async Task A_committed_outcome_reaches_its_target_once()
    {
        var id = await fixture.Store.CompletedAsync(DispatcherFixture.Target(), "0.10");

        await fixture.PassAsync();
        await fixture.PassAsync();

        var attempt = await fixture.Resumer.NextAsync();
        Assert.Equal((id, 1, DispatcherFixture.Url), (attempt.Outcome.Id, attempt.Number, attempt.Target.Address));
        Assert.Equal("0.10"u8.ToArray(), attempt.Outcome.Body.ToArray());
        Assert.False(fixture.Resumer.TryNext(out _));
        Assert.Equal((EntryStatus.Delivered, "taken"), await EndAsync(id));
        Assert.Equal("taken", Assert.Single(await fixture.Store.AttemptsAsync(id)).Answer);
    }

    [StoreFact]
    public async Task A_pending_activity_is_not_handed_over()
    {
        var id = await fixture.Store.RegisterAsync(DispatcherFixture.Target());

        await fixture.PassAsync();
        Assert.False(fixture.Resumer.TryNext(out _));

        await fixture.Store.CompleteAsync(id);
        await fixture.PassAsync();
        Assert.Equal(id, (await fixture.Resumer.NextAsync()).Outcome.Id);
    }

    [StoreFact]
    public async Task A_failed_attempt_is_made_again_when_the_schedule_says_so_and_not_before()
    {
        fixture.Resumer.Script(DispatcherFixture.Url, new ResumeResult.Retry("HTTP 500"));
        var id = await fixture.Store.CompletedAsync(DispatcherFixture.Target());

        await fixture.PassAsync();
        fixture.Time.Advance(TimeSpan.FromSeconds(5) - TimeSpan.FromMicroseconds(1));
        await fixture.PassAsync();
        Assert.Single(await fixture.Store.AttemptsAsync(id));

        fixture.Resumer.Script(DispatcherFixture.Url, ScriptedResumer.Delivered);
        fixture.Time.Advance(TimeSpan.FromMicroseconds(1));
        await fixture.PassAsync();

        Assert.Equal((1, 2), ((await fixture.Resumer.NextAsync()).Number, (await fixture.Resumer.NextAsync()).Number));
        Assert.Equal(["HTTP 500", "taken"], (await fixture.Store.AttemptsAsync(id)).Select(attempt => attempt.Answer));
        Assert.Equal((EntryStatus.Delivered, "taken"), await EndAsync(id));
    }

    [StoreFact]
    public async Task A_target_that_asks_for_time_gets_it()
    {
        fixture.Resumer.Script(DispatcherFixture.Url, new ResumeResult.Retry("HTTP 503", TimeSpan.FromMinutes(10)));
        var id = await fixture.Store.CompletedAsync(DispatcherFixture.Target());

        await fixture.PassAsync();

        var entry = await fixture.Store.EntryAsync(id);
        Assert.Equal(fixture.Time.Now().AddMinutes(10).ToMicroseconds(), entry.DueAt);
        Assert.Equal(EntryStatus.Waiting, (EntryStatus)entry.Status);
    }

    [StoreFact]
    public async Task After_the_last_attempt_the_entry_is_dead()
    {
        fixture.Resumer.Script(DispatcherFixture.Url, new ResumeResult.Retry("HTTP 500"));
        var id = await fixture.Store.CompletedAsync(DispatcherFixture.Target());

        for (var pass = 0; pass < 5; pass++)
        {
            await fixture.PassAsync();
            fixture.Time.Advance(TimeSpan.FromHours(1));
        }

        Assert.Equal(3, (await fixture.Store.AttemptsAsync(id)).Count);
        Assert.Equal((EntryStatus.Dead, "HTTP 500; no attempts left"), await EndAsync(id));
    }

    [StoreFact]
    public async Task What_would_be_too_old_for_another_attempt_is_dead()
    {
        fixture.Resumer.MaxAttempts = 1_000;
        fixture.Resumer.MaxAge = TimeSpan.FromMinutes(1);
        fixture.Resumer.Script(DispatcherFixture.Url, new ResumeResult.Retry("HTTP 500"));
        var id = await fixture.Store.CompletedAsync(DispatcherFixture.Target());

        for (var pass = 0; pass < 10; pass++)
        {
            await fixture.PassAsync();
            fixture.Time.Advance(TimeSpan.FromSeconds(5 << pass));
        }

        // Attempts after 0, 5, 15 and 35 s; the next one would be made after 75.
        Assert.Equal(4, (await fixture.Store.AttemptsAsync(id)).Count);
        Assert.Equal((EntryStatus.Dead, "HTTP 500; too old for another attempt"), await EndAsync(id));
    }

    [StoreFact]
    public async Task An_outcome_that_waited_for_a_stopped_gateway_still_gets_its_attempts()
    {
        fixture.Resumer.MaxAge = TimeSpan.FromMinutes(1);
        fixture.Resumer.Script(DispatcherFixture.Url, new ResumeResult.Retry("HTTP 500"));
        var id = await fixture.Store.CompletedAsync(DispatcherFixture.Target());
        fixture.Time.Advance(TimeSpan.FromDays(9));

        await fixture.PassAsync();

        Assert.Equal(EntryStatus.Waiting, (EntryStatus)(await fixture.Store.EntryAsync(id)).Status);
    }

    [StoreFact]
    public async Task A_rejected_outcome_is_dead_at_once()
    {
        fixture.Resumer.Script(DispatcherFixture.Url, new ResumeResult.Rejected("HTTP 410"));
        var id = await fixture.Store.CompletedAsync(DispatcherFixture.Target());

        await fixture.PassAsync();

        Assert.Equal((EntryStatus.Dead, "HTTP 410"), await EndAsync(id));
    }

    [StoreFact]
    public async Task A_redelivered_entry_starts_its_attempts_and_its_age_anew()
    {
        fixture.Resumer.MaxAge = TimeSpan.FromMinutes(1);
        fixture.Resumer.Script(DispatcherFixture.Url, new ResumeResult.Rejected("HTTP 410"));
        var id = await fixture.Store.CompletedAsync(DispatcherFixture.Target());
        await fixture.PassAsync();
        fixture.Time.Advance(TimeSpan.FromDays(1));

        Assert.Equal(1, await fixture.Store.Outbox.RedeliverAsync([id], fixture.Time.Now()));
        fixture.Resumer.Script(DispatcherFixture.Url, new ResumeResult.Retry("HTTP 500"));
        await fixture.PassAsync();

        Assert.Equal((1, 1), ((await fixture.Resumer.NextAsync()).Number, (await fixture.Resumer.NextAsync()).Number));
        Assert.Equal(EntryStatus.Waiting, (EntryStatus)(await fixture.Store.EntryAsync(id)).Status);
        Assert.Equal(["HTTP 410", "HTTP 500"], (await fixture.Store.AttemptsAsync(id)).Select(attempt => attempt.Answer));
    }

    [StoreFact]
    public async Task A_resumer_that_throws_has_failed_that_attempt_and_its_message_is_kept_out_of_the_logs()
    {
        fixture.Resumer.Script(DispatcherFixture.Url, (_, _) => throw new InvalidOperationException("secret-path"));
        var id = await fixture.Store.CompletedAsync(DispatcherFixture.Target());

        await fixture.PassAsync();

        Assert.Equal((EntryStatus.Waiting, "failed with InvalidOperationException"), await EndAsync(id));
        Assert.DoesNotContain(fixture.Logs.Lines, line => line.Text.Contains("secret", StringComparison.Ordinal));
    }

    [StoreFact]
    public async Task Each_attempt_is_one_line_with_the_host_and_neither_path_nor_query()
    {
        fixture.Resumer.Script(DispatcherFixture.Url, new ResumeResult.Retry("HTTP 503"));
        var id = await fixture.Store.CompletedAsync(DispatcherFixture.Target());

        await fixture.PassAsync();

        Assert.Equal(
            $"Resumption of {id} by webhook at runner.example.com, attempt 1 of 3: HTTP 503 in 0.0 ms; again at 2030-01-02T03:04:10.000000Z.",
            Assert.Single(fixture.Logs.Lines).Text);
    }

    [StoreFact]
    public async Task A_late_holder_changes_nothing()
    {
        var first = new TaskCompletionSource<ResumeResult>();
        fixture.Resumer.Script(DispatcherFixture.Url, (_, _) => first.Task);
        var id = await fixture.Store.CompletedAsync(DispatcherFixture.Target());
        await fixture.Dispatcher.RunPassAsync(CancellationToken.None);
        await fixture.Resumer.NextAsync();

        fixture.Time.Advance(TimeSpan.FromSeconds(40));
        fixture.Resumer.Script(DispatcherFixture.Url, ScriptedResumer.Delivered);
        using var second = fixture.NewDispatcher();
        await second.RunPassAsync(CancellationToken.None);
        await second.WhenIdle();
        first.SetResult(new ResumeResult.Rejected("too late"));
        await fixture.Dispatcher.WhenIdle();

        Assert.Equal((EntryStatus.Delivered, "taken"), await EndAsync(id));
        Assert.EndsWith("too late in 40000.0 ms; none, the lease was lost.", fixture.Logs.Lines[^1].Text, StringComparison.Ordinal);
    }

    private async Task<(EntryStatus Status, string? Answer)> EndAsync(ActivityId id)
    {
        var entry = await fixture.Store.EntryAsync(id);
        return ((EntryStatus)entry.Status, entry.LastAnswer);
    }
}

public sealed class SqliteResumptionDispatcherTests() : ResumptionDispatcherTests(Store.Sqlite)
{
    [Fact]
    public async Task A_full_queue_delays_the_record_and_does_not_lose_it()
    {
        using var narrow = new DispatcherFixture(maxQueuedChanges: 1);
        var answer = new TaskCompletionSource<ResumeResult>();
        narrow.Resumer.Script(DispatcherFixture.Url, (_, _) => answer.Task);
        var id = await narrow.Store.CompletedAsync(DispatcherFixture.Target());
        await narrow.Dispatcher.RunPassAsync(CancellationToken.None);
        await narrow.Resumer.NextAsync();

        var commits = ((SqliteStorage)narrow.Store.Storage).Commits;
        using var hold = new ManualResetEventSlim();
        var taken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var holding = commits.RunAsync(_ =>
        {
            taken.TrySetResult();
            hold.Wait();
            return 0;
        });
        await taken.Task;
        var queued = commits.RunAsync(_ => 0);
        answer.SetResult(ScriptedResumer.Delivered);
        await narrow.Time.WhenArmed(due => due == TimeSpan.FromSeconds(1));
        hold.Set();
        await Task.WhenAll(holding, queued);
        narrow.Time.Advance(TimeSpan.FromSeconds(1));
        await narrow.Dispatcher.WhenIdle();

        var entry = await narrow.Store.EntryAsync(id);
        Assert.Equal((EntryStatus.Delivered, 1), ((EntryStatus)entry.Status, entry.Attempts));
    }
}

[OnPostgres]
public sealed class PostgresResumptionDispatcherTests() : ResumptionDispatcherTests(Store.Postgres);
