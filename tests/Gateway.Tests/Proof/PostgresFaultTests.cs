using System.Diagnostics;
using System.Net;
using Gateway.Tests.Support;

namespace Gateway.Tests.Proof;

/// <summary>The server dies under load, alone or with a synchronous standby that takes over: nothing acknowledged is lost.</summary>
public sealed class PostgresFaultTests
{
    /// <summary>The short form. <c>GATEWAY_CRASH_CYCLES</c> asks for more.</summary>
    private static readonly int Cycles = int.TryParse(Environment.GetEnvironmentVariable("GATEWAY_CRASH_CYCLES"), out var cycles) ? cycles : 3;

    private const int AcksBetweenFaults = 200;

    [OwnServerFact]
    public async Task Everything_acknowledged_survives_every_kill_of_the_server_and_the_gateway_goes_on_by_itself()
    {
        using var server = OwnServer.Start();
        using var data = TestData.On(server.ConnectionString());
        using var app = GatewayApp.Start(data: data);
        var load = new Load([app.Runner], "server-killed");
        load.Start();
        for (var cycle = 0; cycle < Cycles; cycle++)
        {
            await load.MoreAsync(AcksBetweenFaults);
            server.Kill();
            server.Start();
            var back = Stopwatch.StartNew();
            await load.MoreAsync(20);
            Assert.True(back.Elapsed < TimeSpan.FromSeconds(5), $"back after {back.Elapsed}");
        }

        await load.StopAsync();
        await load.CheckAsync(app.Runner);
    }

    [OwnServerFact]
    public async Task Everything_acknowledged_survives_the_loss_of_the_primary_when_its_synchronous_standby_takes_over()
    {
        using var primary = OwnServer.Start("-c synchronous_standby_names=*");
        using var standby = primary.StartStandby();
        await primary.WhenSynchronousAsync();
        using var data = TestData.On(primary.ConnectionString(standby));
        using var app = GatewayApp.Start(data: data);
        var load = new Load([app.Runner], "primary-lost");
        load.Start();
        await load.MoreAsync(AcksBetweenFaults);
        primary.Kill();
        standby.Promote();
        var back = Stopwatch.StartNew();
        await load.MoreAsync(AcksBetweenFaults);
        Assert.True(back.Elapsed < TimeSpan.FromSeconds(10), $"back after {back.Elapsed}");
        await load.StopAsync();
        await load.CheckAsync(app.Runner);
    }

    [OwnServerFact]
    public async Task What_the_synchronous_standby_has_not_confirmed_is_not_acknowledged()
    {
        using var primary = OwnServer.Start("-c synchronous_standby_names=*");
        using var standby = primary.StartStandby();
        await primary.WhenSynchronousAsync();
        using var data = TestData.On(primary.ConnectionString());
        using var app = GatewayApp.Start(data: data);
        var (activity, other) = (await app.RegisterAnyAsync(), await app.RegisterAnyAsync());
        standby.Kill();
        using (var unknown = await app.CallAsync(activity, "complete", "1"))
        {
            var problem = await unknown.ShouldBeProblemAsync("storage-unavailable");
            Assert.Contains("may or may not", (string)problem["detail"]!, StringComparison.Ordinal);
        }

        using (var asked = await app.Runner.PostAsync($"/internal/activities/{other.Id}/cancel", GatewayApp.Json("{}")))
        {
            await asked.ShouldBeProblemAsync("storage-unavailable");
        }

        using (var waiting = await app.Runner.GetAsync($"/internal/activities/{activity.Id}/outcome"))
        {
            Assert.Equal(HttpStatusCode.NoContent, waiting.StatusCode);
        }

        standby.Start();
        using var done = await app.CallAsync(activity, "complete", "1");
        Assert.Equal(HttpStatusCode.OK, done.StatusCode);
    }

    [OwnServerFact]
    public async Task While_the_server_is_away_calls_are_told_so_in_time_and_the_health_probe_too()
    {
        using var server = OwnServer.Start();
        using var data = TestData.On(server.ConnectionString());
        using var app = GatewayApp.Start(data: data);
        var activity = await app.RegisterAnyAsync();
        server.Kill();
        var watch = Stopwatch.StartNew();
        using (var refused = await app.CallAsync(activity, "complete", "1"))
        {
            await refused.ShouldBeProblemAsync("storage-unavailable");
            Assert.True(refused.Headers.RetryAfter is not null);
        }

        using (var list = await app.Runner.GetAsync("/internal/activities"))
        {
            await list.ShouldBeProblemAsync("storage-unavailable");
        }

        using (var health = await app.Outside.GetAsync("/health/ready"))
        {
            await health.ShouldBeProblemAsync("storage-unavailable");
        }

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(16), $"told after {watch.Elapsed}");
        server.Start();
        watch.Restart();
        using var done = await app.CallAsync(activity, "complete", "1");
        Assert.Equal(HttpStatusCode.OK, done.StatusCode);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), $"back after {watch.Elapsed}");
    }
}
