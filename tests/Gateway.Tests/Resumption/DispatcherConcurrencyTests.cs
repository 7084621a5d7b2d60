using Gateway.Activities;
using Gateway.Resumption;
using Gateway.Tests.Support;

namespace Gateway.Tests.Resumption;

/// <summary>Who waits for whom, and how the worker starts and stops.</summary>
public abstract class DispatcherConcurrencyTests(Store store) : IDisposable
{
    private const string Hanging = "https://hanging.example.com/hook";

    private readonly DispatcherFixture fixture = new(store);

    public void Dispose() => fixture.Dispose();

    [StoreFact]
    public async Task One_hanging_target_delays_no_other_and_holds_one_place()
    {
        fixture.Resumer.Hang(Hanging);
        var waiting = new HashSet<ActivityId>();
        for (var i = 0; i < 20; i++)
        {
            await fixture.Store.CompletedAsync(DispatcherFixture.Target(Hanging));
            waiting.Add(await fixture.Store.CompletedAsync(DispatcherFixture.Target($"https://well{i % 3}.example.com/hook")));
        }

        await fixture.Dispatcher.StartAsync(CancellationToken.None);
        while (waiting.Count > 0)
        {
            waiting.Remove((await fixture.Resumer.NextAsync()).Outcome.Id);
        }

        Assert.Equal(1, fixture.Resumer.MostAt(Hanging));
        await StopNowAsync();
    }

    [StoreFact]
    public async Task Many_hanging_paths_of_one_host_leave_places_for_others()
    {
        for (var i = 0; i < 30; i++)
        {
            fixture.Resumer.Hang($"{Hanging}/{i}");
            await fixture.Store.CompletedAsync(DispatcherFixture.Target($"{Hanging}/{i}"));
        }

        var id = await fixture.Store.CompletedAsync(DispatcherFixture.Target("https://well.example.com/hook"));
        await fixture.Dispatcher.StartAsync(CancellationToken.None);

        while ((await fixture.Resumer.NextAsync()).Outcome.Id != id)
        {
        }

        await StopNowAsync();
    }

    [StoreFact]
    public async Task More_lanes_than_one_look_takes_in_are_all_served()
    {
        var waiting = new HashSet<ActivityId>();
        for (var i = 0; i < 35; i++)
        {
            waiting.Add(await fixture.Store.CompletedAsync(DispatcherFixture.Target($"https://well{i}.example.com/hook/{i}")));
        }

        await fixture.Dispatcher.StartAsync(CancellationToken.None);
        while (waiting.Count > 0)
        {
            waiting.Remove((await fixture.Resumer.NextAsync()).Outcome.Id);
        }

        await StopNowAsync();
    }

    [StoreFact]
    public async Task A_look_goes_on_behind_the_last_one()
    {
        for (var i = 10; i < 45; i++)
        {
            await fixture.Store.CompletedAsync(DispatcherFixture.Target($"https://well{i}.example.com/hook"));
        }

        var sizes = new List<int>();
        for (var pass = 0; pass < 5; pass++)
        {
            await fixture.PassAsync();
            var size = 0;
            while (fixture.Resumer.TryNext(out _))
            {
                size++;
            }

            sizes.Add(size);
        }

        Assert.Equal([10, 10, 10, 5, 0], sizes);
    }

    [StoreFact]
    public async Task A_lane_that_delivers_gains_places_up_to_its_limit()
    {
        for (var i = 0; i < 20; i++)
        {
            await fixture.Store.CompletedAsync(DispatcherFixture.Target());
        }

        var sizes = new List<int>();
        for (var pass = 0; pass < 6; pass++)
        {
            // All attempts of a pass are held until as many as the lane has places are under way.
            var release = new TaskCompletionSource<ResumeResult>(TaskCreationOptions.RunContinuationsAsynchronously);
            fixture.Resumer.Script(DispatcherFixture.Url, (_, _) => release.Task);
            await fixture.Dispatcher.RunPassAsync(CancellationToken.None);
            sizes.Add(fixture.Dispatcher.UnderWay);
            release.SetResult(ScriptedResumer.Delivered);
            await fixture.Dispatcher.WhenIdle();
        }

        Assert.Equal([1, 2, 4, 4, 4, 4], sizes);
    }

    [StoreFact]
    public async Task The_worker_wakes_on_a_commit_without_the_clock_moving()
    {
        await fixture.Dispatcher.StartAsync(CancellationToken.None);
        for (var i = 0; i < 3; i++)
        {
            var id = await fixture.Store.CompletedAsync(DispatcherFixture.Target());
            Assert.Equal(id, (await fixture.Resumer.NextAsync()).Outcome.Id);
        }

        await StopNowAsync();
    }

    [StoreFact]
    public async Task The_worker_wakes_when_a_retry_falls_due()
    {
        fixture.Resumer.Script(DispatcherFixture.Url, new ResumeResult.Retry("HTTP 500"));
        var id = await fixture.Store.CompletedAsync(DispatcherFixture.Target());
        await fixture.Dispatcher.StartAsync(CancellationToken.None);
        await fixture.Resumer.NextAsync();
        await fixture.Dispatcher.WhenIdle();

        for (var second = 0; second < 5; second++)
        {
            await fixture.Time.WhenArmed(due => due <= TimeSpan.FromSeconds(1));
            fixture.Time.Advance(TimeSpan.FromSeconds(1));
        }

        var again = await fixture.Resumer.NextAsync();
        Assert.Equal((id, 2), (again.Outcome.Id, again.Number));
        await StopNowAsync();
    }

    [StoreFact]
    public async Task A_stop_lets_an_attempt_finish()
    {
        var answer = new TaskCompletionSource<ResumeResult>();
        fixture.Resumer.Script(DispatcherFixture.Url, (_, _) => answer.Task);
        var id = await fixture.Store.CompletedAsync(DispatcherFixture.Target());
        await fixture.Dispatcher.StartAsync(CancellationToken.None);
        await fixture.Resumer.NextAsync();

        var stop = fixture.Dispatcher.StopAsync(CancellationToken.None);
        answer.SetResult(ScriptedResumer.Delivered);
        await stop;

        Assert.Equal(EntryStatus.Delivered, (EntryStatus)(await fixture.Store.EntryAsync(id)).Status);
    }

    [StoreFact]
    public async Task A_stop_cancels_what_hangs_and_the_next_start_delivers_it_under_the_same_id()
    {
        fixture.Resumer.Hang(DispatcherFixture.Url);
        var id = await fixture.Store.CompletedAsync(DispatcherFixture.Target());
        await fixture.Dispatcher.StartAsync(CancellationToken.None);
        await fixture.Resumer.NextAsync();
        await StopNowAsync();
        Assert.Equal(EntryStatus.Leased, (EntryStatus)(await fixture.Store.EntryAsync(id)).Status);
        Assert.Empty(await fixture.Store.AttemptsAsync(id));

        fixture.Restart();
        fixture.Resumer.Script(DispatcherFixture.Url, ScriptedResumer.Delivered);
        await fixture.PassAsync();

        Assert.Equal(id, (await fixture.Resumer.NextAsync()).Outcome.Id);
        Assert.Equal(EntryStatus.Delivered, (EntryStatus)(await fixture.Store.EntryAsync(id)).Status);
    }

    [StoreFact]
    public async Task A_stop_leases_nothing_more()
    {
        await fixture.Dispatcher.StartAsync(CancellationToken.None);
        await fixture.Dispatcher.StopAsync(CancellationToken.None);

        var id = await fixture.Store.CompletedAsync(DispatcherFixture.Target());

        Assert.Equal(EntryStatus.Waiting, (EntryStatus)(await fixture.Store.EntryAsync(id)).Status);
        Assert.False(fixture.Resumer.TryNext(out _));
    }

    /// <summary>Stops and lets the grace of attempts under way run out.</summary>
    private async Task StopNowAsync()
    {
        var stop = fixture.Dispatcher.StopAsync(CancellationToken.None);
        if (!fixture.Dispatcher.WhenIdle().IsCompleted)
        {
            await Task.WhenAny(stop, fixture.Time.WhenArmed(due => due == TimeSpan.FromSeconds(5)));
            fixture.Time.Advance(TimeSpan.FromSeconds(5));
        }

        await stop;
    }
}

public sealed class SqliteDispatcherConcurrencyTests() : DispatcherConcurrencyTests(Store.Sqlite);

[OnPostgres]
public sealed class PostgresDispatcherConcurrencyTests() : DispatcherConcurrencyTests(Store.Postgres);
