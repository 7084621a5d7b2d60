using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Gateway.Tests.Support;

/// <summary>One call that arrived at the receiver.</summary>
internal sealed record ReceivedCallback(string Path, string Query, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string WebhookId => Headers["webhook-id"];
}

/// <summary>A runner's webhook end on a real socket: records every call and answers as the test says.</summary>
internal sealed class CallbackReceiver : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly WebApplication application;
    private readonly Channel<ReceivedCallback> received = Channel.CreateUnbounded<ReceivedCallback>();
    private int begun;

    private CallbackReceiver(WebApplication application) => this.application = application;

    /// <summary>With a slash at its end.</summary>
    public Uri Url { get; private set; } = null!;

    /// <summary>Called with each call before <see cref="NextAsync"/> can return it: what it notes is there by then.</summary>
    public Action<ReceivedCallback> Arrived { get; set; } = static _ => { };

    /// <summary>Called after the body was read; the default answers 204.</summary>
    public Func<HttpContext, ReceivedCallback, Task> Answer { get; set; } = (context, _) => Status(context, StatusCodes.Status204NoContent);

    public static async Task<CallbackReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receiver = new CallbackReceiver(builder.Build());
        receiver.application.Run(receiver.ReceiveAsync);
        await receiver.application.StartAsync();
        receiver.Url = new Uri(receiver.application.Urls.Single() + "/");
        return receiver;
    }

    public static Task Status(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    /// <summary>Never answers: holds the call until the caller hangs up.</summary>
    public static Task Hang(HttpContext context) => Task.Delay(Timeout.Infinite, context.RequestAborted);

    /// <summary>The next call, in the order of arrival; fails after half a minute without one and says what was seen.</summary>
    public async Task<ReceivedCallback> NextAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            return await received.Reader.ReadAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException(
                $"No call arrived within {Patience}; {begun} began, {ThreadPool.PendingWorkItemCount} work items wait for a thread.");
        }
    }

    /// <summary>A call that arrived and was not asked for yet.</summary>
    public bool TryNext(out ReceivedCallback? callback) => received.Reader.TryRead(out callback);

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await application.StopAsync(now.Token);
        await application.DisposeAsync();
    }

    private async Task ReceiveAsync(HttpContext context)
    {
        Interlocked.Increment(ref begun);
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var headers = context.Request.Headers.ToDictionary(
            header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        var callback = new ReceivedCallback(
            context.Request.Path, context.Request.QueryString.Value ?? "", headers, body.ToArray());
        Arrived(callback);
        received.Writer.TryWrite(callback);
        await Answer(context, callback);
    }
}
