using System.Net;
using System.Net.Sockets;
using Gateway.Http;
using Gateway.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.Http;

public sealed class ListenersTests
{
    [Fact]
    public async Task With_a_listener_of_its_own_the_runner_api_is_not_served_in_public()
    {
        var port = FreePort();
        await using var host = await EdgeHost.StartAsync(Map, new() { ["Runner:Urls"] = $"http://127.0.0.1:{port}" });
        var runner = new Uri($"http://127.0.0.1:{port}");
        Assert.Equal([host.Address, runner], host.Addresses);

        using var inPublic = await host.Client.GetAsync("/internal/activities");
        using var wrongMethod = await host.Client.DeleteAsync("/internal/activities");
        using var onItsOwn = await host.Client.GetAsync(new Uri(runner, "/internal/activities"));
        await inPublic.ShouldBeProblemAsync("not-found");
        await wrongMethod.ShouldBeProblemAsync("not-found");
        Assert.Equal("list", await onItsOwn.Content.ReadAsStringAsync());

        // The Host header is the caller's to choose.
        var spoofed = await RawHttp.SendAsync(
            host.Address, $"GET /internal/activities HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n");
        Assert.Equal(404, spoofed.Status);
    }

    [Fact]
    public async Task Without_one_both_share_the_listener()
    {
        await using var host = await EdgeHost.StartAsync(Map);
        Assert.Equal("list", await host.Client.GetStringAsync("/internal/activities"));
        var listeners = host.Services.GetRequiredService<Listeners>();
        Assert.Equal(host.Address.ToString().TrimEnd('/'), listeners.FirstPublic);
        Assert.Equal(listeners.FirstPublic, listeners.FirstRunner);
    }

    [Theory]
    [InlineData("Runner:Urls", "5081", "Runner:Urls must be a list of URLs")]
    [InlineData("Runner:Urls", "http://127.0.0.1:5080", "Runner:Urls must have a port of its own: http://127.0.0.1:5080 is public.")]
    public async Task A_wrong_address_stops_the_start(string key, string value, string expected)
    {
        var failure = await Assert.ThrowsAsync<StartupException>(
            () => EdgeHost.StartAsync(settings: new() { ["urls"] = "http://127.0.0.1:5080", [key] = value }));
        Assert.StartsWith(expected, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, null, "http://127.0.0.1:5080")]
    [InlineData("http://+:8080", null, "http://localhost:8080")]
    [InlineData("http://[::]:8080;http://127.0.0.1:9090", null, "http://localhost:8080")]
    [InlineData("https://gateway.example", null, "https://gateway.example:443")]
    [InlineData(null, "8080;8081", "http://localhost:8080")]
    [InlineData("http://10.1.2.3:80", "8080", "http://10.1.2.3:80")]
    public void The_public_address_is_one_that_can_be_opened(string? urls, string? ports, string expected)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["urls"] = urls, ["http_ports"] = ports }).Build();
        Assert.Equal(expected, Listeners.Local(configuration));
    }

    private static void Map(WebApplication app) => app.MapGet("/internal/activities", () => "list");

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
