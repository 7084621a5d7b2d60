using System.Net;
using System.Net.Http.Headers;

namespace Gateway.Resumption.Connections;

/// <summary>An engine's answer over HTTP, read to its end or to the limit.</summary>
/// <param name="Trailers">What came after the body; empty where it was not read to its end.</param>
internal sealed record HttpAnswer(HttpStatusCode Status, HttpResponseHeaders Headers, ReadOnlyMemory<byte> Body, HttpResponseHeaders Trailers)
{
    public int Code => (int)Status;

    public string? Header(string name) => Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;
}

/// <summary>One HTTP call on an engine.</summary>
internal static class EngineHttp
{
    /// <summary>More of an answer is never of use: the largest that matters is an error with its details.</summary>
    private const int AnswerLimit = 64 * 1024;

    public static async Task<HttpAnswer> CallAsync(this HttpMessageInvoker http, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using (request)
        {
            request.Headers.TryAddWithoutValidation("User-Agent", EngineIdentity.Gateway);
            using var response = await http.SendAsync(request, cancellationToken);
            await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
            var body = await ReadAsync(stream, cancellationToken);
            return new HttpAnswer(response.StatusCode, response.Headers, body, response.TrailingHeaders);
        }
    }

    /// <summary>Read past the limit where there is more: trailers come after the end.</summary>
    private static async Task<ReadOnlyMemory<byte>> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var body = new byte[4096];
        var count = 0;
        while (true)
        {
            if (count == body.Length)
            {
                Array.Resize(ref body, Math.Min(body.Length * 4, AnswerLimit));
            }

            var read = await stream.ReadAsync(body.AsMemory(count), cancellationToken);
            if (read == 0)
            {
                return body.AsMemory(0, count);
            }

            count += read;
            if (count == AnswerLimit)
            {
                await stream.CopyToAsync(Stream.Null, cancellationToken);
                return body.AsMemory(0, count);
            }
        }
    }

    /// <summary>A path below the configured address, which may have a path of its own.</summary>
    public static Uri Below(string url, string path) => new(new Uri(url).AbsoluteUri.TrimEnd('/') + path);
}
