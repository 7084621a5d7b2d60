using System.Net;
using System.Net.Http.Headers;

namespace Gateway.Resumption.Connections;

/// <summary>An engine's answer over HTTP, read to its end or to the limit.</summary>
internal sealed record HttpAnswer(HttpStatusCode Status, HttpResponseHeaders Headers, ReadOnlyMemory<byte> Body)
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
            var body = new byte[Math.Clamp(response.Content.Headers.ContentLength ?? AnswerLimit, 0, AnswerLimit)];
            var count = await stream.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, cancellationToken);
            return new HttpAnswer(response.StatusCode, response.Headers, body.AsMemory(0, count));
        }
    }

    /// <summary>A path below the configured address, which may have a path of its own.</summary>
    public static Uri Below(string url, string path) => new(new Uri(url).AbsoluteUri.TrimEnd('/') + path);
}
