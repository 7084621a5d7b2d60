using System.Net.Http.Headers;
using Gateway.Resumption.Connections;

namespace Gateway.Resumption.Restate;

/// <summary>The ingress' own routes for awakeables, <c>/restate/awakeables/{id}/resolve</c> and <c>/reject</c>.</summary>
internal sealed class RestateHttp(HttpMessageInvoker http, RestateOptions options) : IDisposable
{
    public Task<HttpAnswer> CompleteAsync(string awakeableId, string verb, HttpContent content, CancellationToken cancellationToken) =>
        CallAsync(HttpMethod.Post, $"/restate/awakeables/{awakeableId}/{verb}", content, cancellationToken);

    public Task<HttpAnswer> HealthAsync(CancellationToken cancellationToken) =>
        CallAsync(HttpMethod.Get, "/restate/health", null, cancellationToken);

    public void Dispose() => http.Dispose();

    private Task<HttpAnswer> CallAsync(HttpMethod method, string path, HttpContent? content, CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(method, EngineHttp.Below(options.Url, path)) { Content = content };
        request.Headers.Authorization = options.Token is { } token ? new AuthenticationHeaderValue("Bearer", token) : null;
        return http.CallAsync(request, cancellationToken);
    }
}
