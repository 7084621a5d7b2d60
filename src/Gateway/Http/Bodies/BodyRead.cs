using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Http.Bodies;

/// <summary>What reading a body came to.</summary>
internal abstract record BodyRead
{
    private BodyRead() { }

    /// <summary>All of it, as it came.</summary>
    public sealed record Received(ReceivedBody Body) : BodyRead;

    /// <summary>Not accepted; nothing of it is kept.</summary>
    public sealed record Refused(ProblemHttpResult Problem) : BodyRead;
}

/// <summary>A body as it was received, in one rented buffer. The bytes are good until it is disposed.</summary>
internal sealed class ReceivedBody : IDisposable
{
    private byte[]? rented;
    private readonly int length;

    /// <param name="rented">From <see cref="BodyBuffers"/>; given back on disposal. Null for an empty body.</param>
    public ReceivedBody(byte[]? rented, int length)
    {
        (this.rented, this.length) = (rented, length);
    }

    public ReadOnlyMemory<byte> Bytes
    {
        get
        {
            ObjectDisposedException.ThrowIf(rented is null && length > 0, this);
            return rented.AsMemory(0, length);
        }
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref rented, null) is { } buffer)
        {
            BodyBuffers.Return(buffer);
        }
    }
}
