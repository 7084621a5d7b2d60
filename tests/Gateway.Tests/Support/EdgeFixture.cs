namespace Gateway.Tests.Support;

/// <summary>One edge for all tests of a class; each test still sends requests of its own.</summary>
public abstract class EdgeFixture : IAsyncLifetime
{
    internal EdgeHost Host { get; private set; } = null!;

    public virtual async Task InitializeAsync() => Host = await StartAsync();

    public async Task DisposeAsync() => await Host.DisposeAsync();

    internal abstract Task<EdgeHost> StartAsync();
}
