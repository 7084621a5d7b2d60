using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;

namespace Gateway.Resumption.Connections.Grpc;

/// <summary>Unary gRPC calls over <see cref="HttpMessageInvoker"/>: HTTP/2, by prior knowledge where the URL is http.</summary>
internal sealed class GrpcClient(HttpMessageInvoker http, ConnectionOptions options, IReadOnlyList<KeyValuePair<string, string>> metadata) : IDisposable
{
    /// <param name="path"><c>/package.Service/Method</c>.</param>
    public async Task<EngineReply> CallAsync(
        string path, IMessage message, CancellationToken cancellationToken, params IEnumerable<KeyValuePair<string, string>> more)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, EngineHttp.Below(options.Url, path))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(GrpcFrame.Write(message)),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        request.Headers.TryAddWithoutValidation("te", "trailers");
        request.Headers.TryAddWithoutValidation("grpc-timeout", options.TimeoutSeconds.ToString(CultureInfo.InvariantCulture) + "S");
        foreach (var (name, value) in metadata.Concat(more))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return GrpcStatus.Of(await http.CallAsync(request, cancellationToken));
    }

    public void Dispose() => http.Dispose();
}
