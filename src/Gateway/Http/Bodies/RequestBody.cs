using System.Buffers;
using System.IO.Pipelines;
using Gateway.Http.Errors;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Http.Bodies;

/// <summary>Reads a request's body as it is: bounded in size and time, into one pooled buffer, without text or DOM.</summary>
internal static class RequestBody
{
    /// <summary>
    /// A declared length is only a claim: up to this many bytes are rented on the word of it, more only as bytes arrive, so
    /// that a thousand silent connections hold little.
    /// </summary>
    private const int Trusted = 64 * 1024;

    private const int Unknown = 4 * 1024;

    /// <param name="maxBytes">A larger body is 413, without reading it where its length is declared.</param>
    public static async ValueTask<BodyRead> ReadAsync(HttpContext context, long maxBytes)
    {
        if (ContentHeaders.Refuse(context.Request.Headers) is { } refusal)
        {
            return Refuse(refusal);
        }

        var declared = context.Request.ContentLength;
        if (declared > maxBytes)
        {
            return TooLarge(context, maxBytes);
        }

        if (declared == 0)
        {
            return new BodyRead.Received(new ReceivedBody(null, 0));
        }

        var buffer = new GrowingBuffer((int)Math.Min(declared ?? Unknown, Trusted));
        try
        {
            return await FillAsync(context, buffer, maxBytes) ?? new BodyRead.Received(buffer.Detach());
        }
        catch (BadHttpRequestException refused)
        {
            return Refuse(OfKestrel(context, refused, maxBytes));
        }
        finally
        {
            buffer.Dispose();
        }
    }

    /// <summary>Kestrel's own refusal while reading: a rate below its minimum, its own limit, a broken chunk, an early end.</summary>
    private static ProblemHttpResult OfKestrel(HttpContext context, BadHttpRequestException refused, long maxBytes)
    {
        CloseAfterAnswer(context);
        return refused.StatusCode switch
        {
            StatusCodes.Status408RequestTimeout => Problems.RequestTimeout(),
            StatusCodes.Status413PayloadTooLarge => Problems.PayloadTooLarge(maxBytes),
            _ => Problems.InvalidRequest("body", "must arrive whole and correctly framed"),
        };
    }

    private static async ValueTask<BodyRead?> FillAsync(HttpContext context, GrowingBuffer buffer, long maxBytes)
    {
        // Most bodies come with their head: nobody waits for them, so nobody needs to watch the clock.
        var reader = context.Request.BodyReader;
        if (reader.TryRead(out var read))
        {
            if (Take(context, reader, read, buffer, maxBytes) is { } refused)
            {
                return refused;
            }

            if (read.IsCompleted)
            {
                return null;
            }
        }

        using var deadline = BodyDeadline.Start(context);
        while (true)
        {
            read = await reader.ReadAsync();
            if (Take(context, reader, read, buffer, maxBytes) is { } refused)
            {
                return refused;
            }

            if (read.IsCompleted)
            {
                return deadline.TryFinish() ? null : TooLate(context);
            }
        }
    }

    private static BodyRead.Refused? Take(HttpContext context, PipeReader reader, ReadResult read, GrowingBuffer buffer, long maxBytes)
    {
        var tooLarge = buffer.Length + read.Buffer.Length > maxBytes;
        if (!read.IsCanceled && !tooLarge)
        {
            buffer.Append(read.Buffer);
        }

        reader.AdvanceTo(read.Buffer.End);
        return read.IsCanceled ? TooLate(context) : tooLarge ? TooLarge(context, maxBytes) : null;
    }

    private static BodyRead.Refused TooLarge(HttpContext context, long maxBytes)
    {
        CloseAfterAnswer(context);
        return new BodyRead.Refused(Problems.PayloadTooLarge(maxBytes));
    }

    private static BodyRead.Refused TooLate(HttpContext context)
    {
        CloseAfterAnswer(context);
        return new BodyRead.Refused(Problems.RequestTimeout());
    }

    private static BodyRead.Refused Refuse(ProblemHttpResult problem) => new(problem);

    /// <summary>What is left of the body would be taken for the next request.</summary>
    private static void CloseAfterAnswer(HttpContext context) => context.Response.Headers.Connection = "close";

    /// <summary>One contiguous rented buffer that grows fourfold as bytes arrive.</summary>
    private sealed class GrowingBuffer(int capacity) : IDisposable
    {
        private byte[]? rented = BodyBuffers.Rent(capacity);

        public int Length { get; private set; }

        public void Append(ReadOnlySequence<byte> bytes)
        {
            var needed = Length + (int)bytes.Length;
            if (needed > rented!.Length)
            {
                var larger = BodyBuffers.Rent((int)Math.Max(needed, Math.Min(4L * rented.Length, Array.MaxLength)));
                rented.AsSpan(0, Length).CopyTo(larger);
                BodyBuffers.Return(rented);
                rented = larger;
            }

            bytes.CopyTo(rented.AsSpan(Length));
            Length = needed;
        }

        public ReceivedBody Detach()
        {
            var body = new ReceivedBody(rented, Length);
            rented = null;
            return body;
        }

        public void Dispose()
        {
            if (rented is not null)
            {
                BodyBuffers.Return(rented);
            }
        }
    }
}
