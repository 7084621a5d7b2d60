using System.Net;
using System.Net.Sockets;

namespace Gateway.Tests.Support;

/// <summary>Stands between a gateway and its database, and breaks connections at the worst moment.</summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly string host;
    private readonly int port;
    private readonly Task accepting;
    private volatile Cut? next;
    private volatile TaskCompletionSource? frozen;

    private CuttingProxy(string host, int port)
    {
        (this.host, this.port) = (host, port);
        listener.Start();
        accepting = AcceptAsync();
    }

    public static CuttingProxy To(string host, int port) => new(host, port);

    /// <summary>Nothing is left to be cut: what a test asked for has happened.</summary>
    public bool HasCut => next is null;

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>The server does what the next message with this text asks for, and its answer is lost with the connection.</summary>
    public void LoseAnswerTo(string text) => next = new Cut(text, Forward: true);

    /// <summary>The next message with this text never reaches the server: the connection breaks before.</summary>
    public void LoseMessage(string text) => next = new Cut(text, Forward: false);

    /// <summary>Nothing passes any more, and nothing breaks.</summary>
    public void Freeze() => frozen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Thaw()
    {
        var thawing = frozen;
        frozen = null;
        thawing?.SetResult();
    }

    public async ValueTask DisposeAsync()
    {
        Thaw();
        listener.Stop();
        await accepting;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = PassAsync(await listener.AcceptTcpClientAsync());
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Stopped.
        }
    }

    private async Task PassAsync(TcpClient client)
    {
        using (client)
        using (var server = new TcpClient())
        {
            try
            {
                await server.ConnectAsync(host, port);
                var cut = new TaskCompletionSource();
                await Task.WhenAny(
                    PumpAsync(client, server, cut), PumpBackAsync(server, client, cut));
            }
            catch (Exception exception) when (exception is SocketException or IOException or ObjectDisposedException)
            {
                // Either side has gone.
            }
        }
    }

    /// <summary>From the gateway to the server; ends where the connection is to break.</summary>
    private async Task PumpAsync(TcpClient from, TcpClient to, TaskCompletionSource cut)
    {
        var buffer = new byte[65536];
        for (int count; (count = await from.GetStream().ReadAsync(buffer)) > 0;)
        {
            await (frozen?.Task ?? Task.CompletedTask);
            if (next is { } wanted && buffer.AsSpan(0, count).IndexOf(wanted.Text) >= 0)
            {
                next = null;
                if (!wanted.Forward)
                {
                    return;
                }

                cut.SetResult();
            }

            await to.GetStream().WriteAsync(buffer.AsMemory(0, count));
        }
    }

    /// <summary>From the server to the gateway; an answer to be lost is waited for, so that the work is done.</summary>
    private async Task PumpBackAsync(TcpClient from, TcpClient to, TaskCompletionSource cut)
    {
        var buffer = new byte[65536];
        for (int count; (count = await from.GetStream().ReadAsync(buffer)) > 0;)
        {
            await (frozen?.Task ?? Task.CompletedTask);
            if (cut.Task.IsCompleted)
            {
                return;
            }

            await to.GetStream().WriteAsync(buffer.AsMemory(0, count));
        }
    }

    private sealed record Cut(byte[] Text, bool Forward)
    {
        public Cut(string text, bool Forward)
            : this(System.Text.Encoding.UTF8.GetBytes(text), Forward)
        {
        }
    }
}
