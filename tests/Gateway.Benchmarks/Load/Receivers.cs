using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gateway.Benchmarks.Load;

/// <summary>Takes webhooks under a number of URLs and counts them.</summary>
internal sealed class Receivers : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly TaskCompletionSource whole = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int expected = int.MaxValue;
    private int taken;

    private Receivers(WebApplication app) => this.app = app;

    public IReadOnlyList<string> Urls { get; private set; } = [];

    public static async Task<Receivers> StartAsync(int count)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receivers = new Receivers(builder.Build());
        receivers.app.Run(receivers.TakeAsync);
        await receivers.app.StartAsync();
        var address = receivers.app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        receivers.Urls = [.. Enumerable.Range(0, count).Select(index => $"{address}/hook/{index}")];
        return receivers;
    }

    /// <summary>Counts from now on; completes with the last of so many deliveries.</summary>
    public Task ExpectAsync(int deliveries)
    {
        (taken, expected) = (0, deliveries);
        return whole.Task;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        await context.Request.Body.CopyToAsync(Stream.Null);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        if (Interlocked.Increment(ref taken) == expected)
        {
            whole.TrySetResult();
        }
    }
}
