using Gateway.Activities;
using Gateway.Resumption;
using Gateway.Tests.Support;

namespace Gateway.Tests.Resumption;

/// <summary>A dispatcher over a real store, with the clock and chance in the test's hands.</summary>
internal sealed class DispatcherFixture : IDisposable
{
    public const string Url = "https://runner.example.com/hook/secret-path?secret=query";

    public DispatcherFixture(Store store = Support.Store.Sqlite, int maxQueuedChanges = 10_000)
    {
        Store = new TestStore(Time, store, maxQueuedChanges);
        Dispatcher = NewDispatcher();
    }

    public ManualTime Time { get; } = new();

    public TestStore Store { get; }

    public ScriptedResumer Resumer { get; } = new();

    public ResumptionDispatcher Dispatcher { get; private set; }

    public CollectedLogs<ResumptionAttempts> Logs { get; } = new();

    public CollectedLogs<ResumptionDispatcher> DispatcherLogs { get; } = new();

    public static ResumeTarget Target(string url = Url) => new(ResumeKind.Webhook, url);

    /// <summary>Another holder beside the first, or the one after a restart.</summary>
    public ResumptionDispatcher NewDispatcher(IResumer? resumer = null)
    {
        var outbox = Store.Outbox;
        var attempts = new ResumptionAttempts(outbox, new RetrySchedule(TimeSpan.FromSeconds(5), TimeSpan.FromHours(12)), () => 1, Time, Logs);
        return new ResumptionDispatcher(
            outbox, Store.Signal, [resumer ?? Resumer], attempts,
            new ResumptionOptions { TotalConcurrency = 16, HostConcurrency = 8, LanesAtOnce = 10 }, Time, DispatcherLogs);
    }

    /// <summary>
    /// The process that held leases is gone. The embedded store knows it at the next start; where nodes share the store, the
    /// leases run out first.
    /// </summary>
    public void Restart()
    {
        Store.Restart();
        if (Store.Storage is Gateway.Persistence.Postgres.PostgresStorage)
        {
            Time.Advance(TimeSpan.FromMinutes(5));
        }

        Dispatcher = NewDispatcher();
    }

    /// <summary>One pass, and all that it started has ended.</summary>
    public async Task PassAsync()
    {
        await Dispatcher.RunPassAsync(CancellationToken.None);
        await Dispatcher.WhenIdle().WaitAsync(TimeSpan.FromSeconds(30));
    }

    public void Dispose() => Store.Dispose();
}
