using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Gateway.Benchmarks.Load;

/// <summary>The yardstick: a bare Kestrel endpoint that reads the body, parses the JSON and answers the size of a receipt.</summary>
internal static class BareServer
{
    private static readonly byte[] Answer =
        """{"activityId":"01a200a4-40c3-702c-a6e8-5b877f1a47e0","state":"completed","closedAt":"2026-11-22T00:24:55.031224Z","digest":"sha-256=untQoL+B1HeDyqahHwsRqW+0QRUCjKN/v0cyMC2agqw=","duplicate":false}"""u8.ToArray();

    /// <param name="commit">Keeps a body before it is answered; null: nothing is kept.</param>
    public static async Task RunAsync(string url, Func<byte[], Task>? commit = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(url);
        var app = builder.Build();
        app.Run(async context =>
        {
            byte[]? body = null;
            while (true)
            {
                var read = await context.Request.BodyReader.ReadAsync();
                if (!read.IsCompleted)
                {
                    context.Request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                    continue;
                }

                if (!read.Buffer.IsEmpty)
                {
                    using var document = JsonDocument.Parse(read.Buffer);
                    body = commit is null ? null : read.Buffer.ToArray();
                }

                context.Request.BodyReader.AdvanceTo(read.Buffer.End);
                break;
            }

            if (body is not null)
            {
                await commit!(body);
            }

            context.Response.ContentType = "application/json";
            context.Response.ContentLength = Answer.Length;
            await context.Response.Body.WriteAsync(Answer);
        });
        await app.RunAsync();
    }
}
