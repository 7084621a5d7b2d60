using Gateway.Http;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Configuration;

namespace Gateway.Tests.Http;

public sealed class PublicUrlTests
{
    [Theory]
    [InlineData("urls", "http://0.0.0.0:8080;http://127.0.0.1:8081", "http://localhost:8080")]
    [InlineData("http_ports", "8080", "http://localhost:8080")]
    [InlineData("PublicUrl", "https://callbacks.example.org/gateway/", "https://callbacks.example.org/gateway")]
    [InlineData("urls", "", "http://127.0.0.1:5080")]
    public void Before_the_server_knows_where_it_listens_urls_are_as_configured(string key, string value, string expected) =>
        Assert.Equal(expected, new Listeners(Settings((key, value)), new Server()).PublicUrl);

    [Fact]
    public void What_was_asked_too_early_does_not_stay()
    {
        var server = new Server();
        var listeners = new Listeners(Settings(("urls", "http://127.0.0.1:0")), server);
        Assert.Equal("http://127.0.0.1:0", listeners.PublicUrl);
        server.Listens("http://127.0.0.1:43210");
        Assert.Equal("http://127.0.0.1:43210", listeners.PublicUrl);
    }

    [Fact]
    public void The_runners_own_address_is_handed_to_nobody_else()
    {
        var server = new Server();
        server.Listens("http://127.0.0.1:5081", "http://127.0.0.1:5080");
        var listeners = new Listeners(Settings(("Runner:Urls", "http://127.0.0.1:5081")), server);
        Assert.Equal(("http://127.0.0.1:5080", "http://127.0.0.1:5081"), (listeners.PublicUrl, listeners.FirstRunner));
    }

    private static IConfigurationRoot Settings(params (string Key, string Value)[] settings) => new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build();

    private sealed class Server : IServer
    {
        public IFeatureCollection Features { get; } = new FeatureCollection();

        public void Listens(params string[] urls)
        {
            var addresses = new ServerAddressesFeature();
            foreach (var url in urls)
            {
                addresses.Addresses.Add(url);
            }

            Features.Set<IServerAddressesFeature>(addresses);
        }

        public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
            where TContext : notnull => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public void Dispose()
        {
        }
    }
}
