using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace Gateway.Benchmarks.Load;

/// <summary>One keep-alive HTTP/1.1 connection that sends prepared bytes and reads answers with as little work as it can.</summary>
internal sealed class Connection : IDisposable
{
    private static readonly byte[] HeaderEnd = "\r\n\r\n"u8.ToArray();
    private static readonly byte[] LastChunk = "0\r\n\r\n"u8.ToArray();

    private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] received = new byte[64 * 1024];
    private int length;

    public static Connection Open(Uri address)
    {
        var connection = new Connection();
        connection.socket.Connect(IPAddress.Parse(address.Host), address.Port);
        return connection;
    }

    public SafeHandle Handle => socket.SafeHandle;

    public static byte[] Request(string method, string path, byte[] body, Uri address) =>
        [.. Encoding.ASCII.GetBytes(
            $"{method} {path} HTTP/1.1\r\nHost: {address.Authority}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n"), .. body];

    public void Send(byte[] request) => socket.Send(request);

    /// <summary>Reads what has come, and waits for it; the status of the answer, once the answer is whole.</summary>
    public int? Receive()
    {
        var count = socket.Receive(received.AsSpan(length));
        if (count == 0)
        {
            throw new IOException("The server closed the connection.");
        }

        length += count;
        if (!IsWhole(received.AsSpan(0, length)))
        {
            return null;
        }

        length = 0;
        return (received[9] - '0') * 100 + (received[10] - '0') * 10 + (received[11] - '0');
    }

    /// <summary>Whether something comes in time.</summary>
    public bool CanReceive(TimeSpan within) => socket.Poll(within, SelectMode.SelectRead);

    /// <summary>Sends one request; the status of its answer.</summary>
    public int Call(byte[] request)
    {
        Send(request);
        while (true)
        {
            if (Receive() is { } status)
            {
                return status;
            }
        }
    }

    public void Dispose() => socket.Dispose();

    private static bool IsWhole(ReadOnlySpan<byte> answer)
    {
        var end = answer.IndexOf(HeaderEnd);
        if (end < 0)
        {
            return false;
        }

        var head = answer[..end];
        var place = head.IndexOf("Content-Length: "u8);
        if (place < 0)
        {
            return answer.EndsWith(LastChunk);
        }

        var length = 0;
        foreach (var digit in head[(place + 16)..])
        {
            if (digit is < (byte)'0' or > (byte)'9')
            {
                break;
            }

            length = length * 10 + (digit - '0');
        }

        return answer.Length >= end + 4 + length;
    }
}
