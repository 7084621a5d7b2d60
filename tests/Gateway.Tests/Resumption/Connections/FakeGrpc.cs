using System.Buffers.Binary;
using Gateway.Resumption.Connections.Grpc;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;

namespace Gateway.Tests.Resumption.Connections;

/// <summary>The server's side of a unary gRPC call, written from the protocol and not from the gateway's client.</summary>
internal static class FakeGrpc
{
    /// <summary>The message in the one frame of a request.</summary>
    public static byte[] Message(byte[] body)
    {
        Assert.Equal(0, body[0]);
        Assert.Equal((uint)body.Length - 5, BinaryPrimitives.ReadUInt32BigEndian(body.AsSpan(1)));
        return body[5..];
    }

    public static async Task WriteAsync(HttpContext context, FakeReply reply, string package, bool trailersOnly)
    {
        context.Response.ContentType = "application/grpc";
        if (reply.Code == 0)
        {
            await FrameAsync(context, reply.Body?.ToByteArray() ?? []);
            context.Response.AppendTrailer("grpc-status", "0");
            return;
        }

        if (!trailersOnly)
        {
            await FrameAsync(context, []);
        }

        void Add(string name, string value)
        {
            if (trailersOnly)
            {
                context.Response.Headers[name] = value;
            }
            else
            {
                context.Response.AppendTrailer(name, value);
            }
        }

        Add("grpc-status", reply.Code.ToString(null, System.Globalization.CultureInfo.InvariantCulture));
        Add("grpc-message", Uri.EscapeDataString(reply.Message));
        if (reply.Detail is { } detail)
        {
            Add("grpc-status-details-bin", Details(reply, package + detail));
        }
    }

    /// <summary>A google.rpc.Status with one empty detail, base64 without padding as grpc-go writes it.</summary>
    public static string Details(FakeReply reply, string type)
    {
        var status = new Status { Code = reply.Code, Message = reply.Message };
        status.Details.Add(new Google.Protobuf.WellKnownTypes.Any { TypeUrl = "type.googleapis.com/" + type });
        return Convert.ToBase64String(status.ToByteArray()).TrimEnd('=');
    }

    private static async Task FrameAsync(HttpContext context, byte[] message)
    {
        var frame = new byte[5 + message.Length];
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), (uint)message.Length);
        message.CopyTo(frame, 5);
        await context.Response.Body.WriteAsync(frame);
    }
}
