namespace Gateway.Tests.Support;

/// <summary>One gateway for the tests of a class; each makes activities of its own.</summary>
public sealed class GatewayFixture : IDisposable
{
    internal GatewayApp App { get; } = GatewayApp.Start();

    public void Dispose() => App.Dispose();
}
