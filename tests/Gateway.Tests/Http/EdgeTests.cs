using System.Net;
using Gateway.Http;
using Gateway.Observability;
using Gateway.Persistence;
using Gateway.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Gateway.Tests.Http;

public sealed class EdgeTests
{
    [Fact]
    public async Task An_address_that_sends_too_much_is_told_to_wait_and_the_runner_api_is_not_limited()
    {
        await using var host = await EdgeHost.StartAsync(
            app =>
            {
                app.MapGet("/activities/{token}", () => "read");
                app.MapGet("/internal/activities", () => "list");
            },
            new() { ["Limits:RequestsPerSecond"] = "1", ["Limits:RequestBurst"] = "2" });
        for (var i = 0; i < 2; i++)
        {
            using var accepted = await host.Client.GetAsync("/activities/x");
            Assert.Equal(HttpStatusCode.OK, accepted.StatusCode);
        }

        using var refused = await host.Client.GetAsync("/activities/x");
        await refused.ShouldBeProblemAsync("rate-limited");
        Assert.NotEmpty(refused.Headers.GetValues("Retry-After"));
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal("list", await host.Client.GetStringAsync("/internal/activities"));
        }
    }

    [Theory]
    [InlineData("192.0.2.7", "192.0.2.7")]
    [InlineData("::ffff:192.0.2.7", "192.0.2.7")]
    [InlineData("2001:db8:1:2:3:4:5:6", "20010db800010002")]
    [InlineData("2001:db8:1:2:ffff::", "20010db800010002")]
    public void One_origin_is_an_address_or_a_64(string address, string expected) =>
        Assert.Equal(expected, CallbackRateLimit.Origin(IPAddress.Parse(address)));

    [Theory]
    [InlineData("GARBAGE\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400)]
    [InlineData("GET / HTTP/9.9\r\nHost: a\r\n\r\n", 505)]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400)]
    public async Task A_malformed_request_keeps_the_servers_status(string request, int status)
    {
        await using var host = await EdgeHost.StartAsync();
        Assert.Equal(status, (await RawHttp.SendAsync(host.Address, request)).Status);
    }

    [Fact]
    public async Task Too_long_a_target_or_head_keeps_the_servers_status()
    {
        await using var host = await EdgeHost.StartAsync();
        var target = await RawHttp.SendAsync(host.Address, $"GET /{new string('a', 9000)} HTTP/1.1\r\nHost: a\r\n\r\n");
        var head = await RawHttp.SendAsync(host.Address, $"GET / HTTP/1.1\r\nHost: a\r\nX-Long: {new string('a', 40_000)}\r\n\r\n");
        Assert.Equal((414, 431), (target.Status, head.Status));
    }

    [Fact]
    public async Task Ready_means_that_the_storage_answers()
    {
        var storage = Task.CompletedTask;
        await using var host = await EdgeHost.StartAsync(
            configure: builder => builder.Services.AddSingleton<StorageProbe>(_ => storage));
        Assert.Equal("""{"status":"ready"}""", await host.Client.GetStringAsync("/health/ready"));
        Assert.Equal("""{"status":"live"}""", await host.Client.GetStringAsync("/health/live"));
        using var head = await host.SendAsync(HttpMethod.Head, "/health/ready");
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);

        storage = Task.FromException(new StorageException("disk full"));
        using var broken = await host.Client.GetAsync("/health/ready");
        await broken.ShouldBeProblemAsync("storage-unavailable");
        Assert.Equal(HttpStatusCode.OK, (await host.Client.GetAsync("/health/live")).StatusCode);
    }

    [Fact]
    public async Task A_storage_that_hangs_is_not_ready()
    {
        var time = new ManualTime();
        var never = new TaskCompletionSource();
        await using var host = await EdgeHost.StartAsync(
            configure: builder => builder.Services.AddSingleton<StorageProbe>(_ => never.Task), time: time);
        var armed = time.WhenArmed(due => due == TimeSpan.FromSeconds(2));
        var asking = host.Client.GetAsync("/health/ready");
        await armed;
        time.Advance(TimeSpan.FromSeconds(2));
        using var response = await asking;
        await response.ShouldBeProblemAsync("storage-unavailable");
    }

    [Theory]
    [InlineData("Limits:MaxPayloadBytes", "1", "MaxPayloadBytes")]
    [InlineData("Limits:BodyTimeoutSeconds", "0", "BodyTimeoutSeconds")]
    [InlineData("Limits:RequestsPerSecond", "-1", "RequestsPerSecond")]
    public async Task A_limit_out_of_range_stops_the_start_and_is_named(string key, string value, string expected)
    {
        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => EdgeHost.StartAsync(settings: new() { [key] = value }));
        Assert.Contains(expected, Assert.Single(failure.Failures), StringComparison.Ordinal);
    }
}
