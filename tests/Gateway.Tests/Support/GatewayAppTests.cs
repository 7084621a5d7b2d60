using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Gateway.Tests.Support;

/// <summary>What tests rely on that go on with a gateway's data after it.</summary>
public sealed class GatewayAppTests
{
    private static readonly AsyncLocal<bool> InTest = new();

    [Fact]
    public async Task A_gateway_is_stopped_by_its_program_alone_and_lets_go_of_its_data()
    {
        using var data = TestData.Create(Store.Sqlite);
        var witness = new Witness();
        await using (GatewayApp.Start(configure: services => services.AddHostedService(_ => witness), data: data))
        {
            InTest.Value = true;
        }

        Assert.Equal("stopped by the program, disposed", string.Join(", ", witness.Seen));
        await using var next = GatewayApp.Start(data: data);
    }

    [Fact]
    public async Task A_gateway_that_cannot_start_is_not_taken_for_one_that_did()
    {
        using var data = TestData.Create(Store.Sqlite);
        await using var owner = GatewayApp.Start(data: data);

        var refused = Assert.Throws<InvalidOperationException>(() => GatewayApp.Start(data: data));

        Assert.StartsWith("The gateway did not start", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>Sees who stops the gateway: what the test calls, or its program, which runs since before the test said so.</summary>
    private sealed class Witness : IHostedService, IDisposable
    {
        private readonly Lock gate = new();
        private readonly List<string> seen = [];

        public string[] Seen
        {
            get
            {
                lock (gate)
                {
                    return [.. seen];
                }
            }
        }

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => See(InTest.Value ? "stopped by the test" : "stopped by the program");

        public void Dispose() => See("disposed");

        private Task See(string what)
        {
            lock (gate)
            {
                seen.Add(what);
            }

            return Task.CompletedTask;
        }
    }
}
