using System.Buffers.Text;
using System.Globalization;
using System.Reflection;
using System.Text.Unicode;
using Gateway.Activities;
using Microsoft.AspNetCore.Http.Metadata;

namespace Gateway.Completion;

/// <summary>
/// 200 with a <see cref="Receipt"/>. It is the answer of the busiest call and has one short form, so it is written straight
/// into the response; all of its values are plain ASCII and need no escaping.
/// </summary>
internal sealed class ReceiptAnswer(ActivityId id, Closing closing, bool duplicate) : IResult, IEndpointMetadataProvider
{
    private const int MaxSize = 512;

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(Receipt), ["application/json"]));

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        var writer = response.BodyWriter;
        var length = Write(writer.GetSpan(MaxSize));
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = length;
        writer.Advance(length);
        return Task.CompletedTask;
    }

    /// <summary>Bytes written.</summary>
    internal int Write(Span<byte> utf8)
    {
        Span<byte> digest = stackalloc byte[OutcomeDigest.Size];
        closing.Digest.Write(digest);
        Span<byte> closedAt = stackalloc byte[Rfc3339.Size];
        Rfc3339.Write(closing.ClosedAt, closedAt);
        Utf8.TryWrite(
            utf8,
            CultureInfo.InvariantCulture,
            $"{{\"activityId\":\"{id.Value}\",\"state\":\"{closing.State.Wire()}\",\"closedAt\":\"{(ReadOnlySpan<byte>)closedAt}\",\"digest\":\"sha-256=",
            out var length);
        Base64.EncodeToUtf8(digest, utf8[length..], out _, out var written);
        length += written;
        var end = duplicate ? "\",\"duplicate\":true}"u8 : "\",\"duplicate\":false}"u8;
        end.CopyTo(utf8[length..]);
        return length + end.Length;
    }
}
