using Gateway.Activities;
using Gateway.Resumption;
using Gateway.Tests.Support;

namespace Gateway.Tests.Resumption;

/// <summary>What an attempt knows of those before it.</summary>
public abstract class UnknownResultTests(Store store) : IDisposable
{
    private readonly DispatcherFixture fixture = new(store);

    public void Dispose() => fixture.Dispose();

    [StoreTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_attempt_hears_whether_an_earlier_one_may_have_arrived(bool mayHaveArrived)
    {
        var id = await fixture.Store.RegisterAsync(DispatcherFixture.Target());
        await fixture.Store.CompleteAsync(id);
        fixture.Resumer.Script(DispatcherFixture.Url, new ResumeResult.Retry("lost", null, mayHaveArrived));

        await fixture.PassAsync();
        fixture.Time.Advance(TimeSpan.FromSeconds(6));
        await fixture.PassAsync();

        Assert.False((await fixture.Resumer.NextAsync()).EarlierMayHaveArrived);
        Assert.Equal(mayHaveArrived, (await fixture.Resumer.NextAsync()).EarlierMayHaveArrived);
    }

    [StoreFact]
    public async Task An_attempt_that_was_never_recorded_may_have_arrived()
    {
        var id = await fixture.Store.RegisterAsync(DispatcherFixture.Target());
        await fixture.Store.CompleteAsync(id);
        await fixture.Store.Outbox.LeaseAsync(
            ResumeKind.Webhook, DispatcherFixture.Target().Lane("default"), 1, fixture.Time.Now(), TimeSpan.FromMinutes(1));
        fixture.Resumer.Script(DispatcherFixture.Url, ScriptedResumer.Delivered);

        fixture.Restart();
        await fixture.PassAsync();

        Assert.True((await fixture.Resumer.NextAsync()).EarlierMayHaveArrived);
    }
}

public sealed class SqliteUnknownResultTests() : UnknownResultTests(Store.Sqlite);

[OnPostgres]
public sealed class PostgresUnknownResultTests() : UnknownResultTests(Store.Postgres);
