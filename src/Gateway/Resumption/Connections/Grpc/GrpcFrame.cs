using System.Buffers.Binary;
using Google.Protobuf;

namespace Gateway.Resumption.Connections.Grpc;

/// <summary>A message on the wire: a flag (0, not compressed), its length in four bytes big-endian, and itself.</summary>
internal static class GrpcFrame
{
    public const int HeadSize = 5;

    public static byte[] Write(IMessage message)
    {
        var size = message.CalculateSize();
        var frame = new byte[HeadSize + size];
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), (uint)size);
        message.WriteTo(frame.AsSpan(HeadSize));
        return frame;
    }

    /// <summary>The first message of a body; empty where there is none, or where it is compressed or cut.</summary>
    public static ReadOnlyMemory<byte> Read(ReadOnlyMemory<byte> body)
    {
        if (body.Length < HeadSize || body.Span[0] != 0)
        {
            return default;
        }

        var size = BinaryPrimitives.ReadUInt32BigEndian(body.Span[1..]);
        return size <= body.Length - HeadSize ? body.Slice(HeadSize, (int)size) : default;
    }
}
