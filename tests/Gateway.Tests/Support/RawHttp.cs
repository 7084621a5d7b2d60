using System.Net.Sockets;
using System.Text;

namespace Gateway.Tests.Support;

/// <summary>HTTP/1.1 by hand, for what a client library would not send.</summary>
internal sealed class RawHttp : IAsyncDisposable
{
    private readonly Socket socket;

    private RawHttp(Socket socket)
    {
        this.socket = socket;
    }

    public static async Task<RawHttp> ConnectAsync(Uri address)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(address.Host, address.Port);
        return new RawHttp(socket);
    }

    /// <summary>One request on a connection of its own; the answer's status, head and body.</summary>
    public static async Task<RawAnswer> SendAsync(Uri address, string request)
    {
        await using var raw = await ConnectAsync(address);
        await raw.WriteAsync(request);
        return await raw.ReadAsync();
    }

    public async Task WriteAsync(string text) => await socket.SendAsync(Encoding.Latin1.GetBytes(text));

    /// <summary>Reads one answer: to the end of its declared length, or of the connection.</summary>
    public async Task<RawAnswer> ReadAsync()
    {
        var received = new List<byte>();
        var buffer = new byte[8192];
        while (true)
        {
            var count = await socket.ReceiveAsync(buffer);
            received.AddRange(buffer.AsSpan(0, count));
            var answer = RawAnswer.Parse(Encoding.UTF8.GetString([.. received]));
            if (count == 0 || answer is { IsWhole: true })
            {
                return answer ?? throw new IOException($"No answer, only {received.Count} bytes.");
            }
        }
    }

    /// <summary>Whether the other side closes, as opposed to waiting for the next request.</summary>
    public async Task<bool> IsClosedAsync()
    {
        try
        {
            return await socket.ReceiveAsync(new byte[1]) == 0;
        }
        catch (SocketException)
        {
            return true;
        }
    }

    /// <summary>Ends the connection: in order, or by a reset that drops whatever is under way.</summary>
    public void Close(bool reset)
    {
        socket.LingerState = new LingerOption(reset, 0);
        socket.Close();
    }

    public ValueTask DisposeAsync()
    {
        socket.Dispose();
        return ValueTask.CompletedTask;
    }
}

/// <summary>An answer as it came.</summary>
internal sealed record RawAnswer(int Status, string Head, string Body)
{
    public bool IsWhole => Header("Content-Length") is { } length
        ? Encoding.UTF8.GetByteCount(Body) >= int.Parse(length, System.Globalization.CultureInfo.InvariantCulture)
        : Header("Transfer-Encoding") is not null && Body.EndsWith("0\r\n\r\n", StringComparison.Ordinal);

    public string? Header(string name) => Head.Split("\r\n")
        .FirstOrDefault(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))?[(name.Length + 1)..].Trim();

    public static RawAnswer? Parse(string text)
    {
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        return end < 0
            ? null
            : new RawAnswer(int.Parse(text.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture), text[..end], text[(end + 4)..]);
    }
}
