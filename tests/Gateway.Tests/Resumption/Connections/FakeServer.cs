using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gateway.Tests.Resumption.Connections;

/// <summary>A test double on real sockets: one port for HTTP/1.1, one for HTTP/2 without TLS, one handler behind both.</summary>
internal sealed class FakeServer : IAsyncDisposable
{
    private readonly WebApplication application;

    private FakeServer(WebApplication application)
    {
        this.application = application;
        var addresses = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.ToList();
        (Http, Grpc) = (new Uri(addresses[0]), new Uri(addresses[1]));
    }

    public Uri Http { get; }

    public Uri Grpc { get; }

    public static async Task<FakeServer> StartAsync(RequestDelegate handler)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
        });
        var application = builder.Build();
        application.Run(handler);
        await application.StartAsync();
        return new FakeServer(application);
    }

    public static bool IsGrpc(HttpContext context) => HttpProtocol.IsHttp2(context.Request.Protocol);

    /// <summary>The server uses its own again for the next request.</summary>
    public static HeaderDictionary Copy(IHeaderDictionary headers) =>
        new(headers.ToDictionary(header => header.Key, header => header.Value, StringComparer.OrdinalIgnoreCase));

    public static async Task<byte[]> ReadAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        return body.ToArray();
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await application.StopAsync(now.Token);
        await application.DisposeAsync();
    }
}

/// <summary>An answer of a double, before it is written in the manner of a transport.</summary>
/// <param name="Detail">Name of the one detail message, without its package; null for none.</param>
internal sealed record FakeReply(int Code, string Message = "", string? Detail = null, Google.Protobuf.IMessage? Body = null)
{
    public static FakeReply Ok(Google.Protobuf.IMessage? body = null) => new(0, Body: body);
}

/// <summary>What goes wrong on the way.</summary>
internal enum FakeFault
{
    None,

    /// <summary>The connection breaks before the call takes effect.</summary>
    ResetBefore,

    /// <summary>The call takes effect and its answer is lost.</summary>
    ResetAfter,

    /// <summary>The call takes effect and is never answered.</summary>
    Hang,
}
