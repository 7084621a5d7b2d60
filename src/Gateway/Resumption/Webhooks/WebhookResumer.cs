using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Gateway.Activities;
using Microsoft.Extensions.Options;

namespace Gateway.Resumption.Webhooks;

/// <summary>
/// Hands outcomes over by HTTP POST, signed by Standard Webhooks. Any 2xx is an acknowledgement, 410 ends the delivery, all
/// else is tried again. What it reports names statuses and causes, never the URL, a header or a payload.
/// </summary>
internal sealed class WebhookResumer : IResumer, IDisposable
{
    private readonly WebhookOptions options;
    private readonly WebhookSecrets secrets;
    private readonly TimeProvider time;
    private readonly HttpMessageInvoker http;

    public WebhookResumer(IOptions<WebhookOptions> options, WebhookSecrets secrets, WebhookEgress egress, TimeProvider time)
    {
        (this.options, this.secrets, this.time) = (options.Value, secrets, time);
        // No factory: its clients log every address they call, path included.
        http = new HttpMessageInvoker(egress.CreateHandler(), disposeHandler: true);
    }

    public ResumeKind Kind => ResumeKind.Webhook;

    public TimeSpan AttemptTimeout => options.Timeout;

    public int LaneConcurrency => options.LaneConcurrency;

    public int MaxAttempts => options.MaxAttempts;

    public TimeSpan MaxAge => options.MaxAge;

    public async Task<ResumeResult> ResumeAsync(ResumptionAttempt attempt, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(options.Timeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        using var request = Request(attempt);
        try
        {
            // Completes with the answer's head: its body is of no use, and a receiver that drips it holds no slot.
            using var response = await http.SendAsync(request, linked.Token);
            return Judge(response);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return new ResumeResult.Retry(string.Create(CultureInfo.InvariantCulture, $"no answer within {options.TimeoutSeconds} s"));
        }
        catch (HttpRequestException exception)
        {
            return new ResumeResult.Retry(Cause(exception));
        }
    }

    public void Dispose() => http.Dispose();

    private HttpRequestMessage Request(ResumptionAttempt attempt)
    {
        var body = WebhookBody.Write(attempt.Outcome);
        var (id, now) = (WebhookBody.Id(attempt.Outcome.Id), time.GetUtcNow());
        var request = new HttpRequestMessage(HttpMethod.Post, attempt.Target.Address) { Content = new ReadOnlyMemoryContent(body) };
        foreach (var (name, value) in WebhookTarget.Headers(attempt.Target))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TryAddWithoutValidation("User-Agent", "callback-gateway");
        request.Headers.TryAddWithoutValidation(WebhookSignature.IdHeader, id);
        request.Headers.TryAddWithoutValidation(WebhookSignature.TimestampHeader, now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        request.Headers.TryAddWithoutValidation(WebhookSignature.SignatureHeader, WebhookSignature.Sign(secrets.Keys, id, now, body.Span));
        return request;
    }

    private ResumeResult Judge(HttpResponseMessage response)
    {
        var answer = string.Create(CultureInfo.InvariantCulture, $"HTTP {(int)response.StatusCode}");
        return response switch
        {
            { IsSuccessStatusCode: true } => new ResumeResult.Delivered(answer),
            { StatusCode: HttpStatusCode.Gone } => new ResumeResult.Rejected(answer),
            _ => new ResumeResult.Retry(answer, RetryAfter(response.Headers.RetryAfter)),
        };
    }

    /// <summary>Seconds or a date (RFC 9110 section 10.2.3); a date in the past is no wish.</summary>
    private TimeSpan? RetryAfter(RetryConditionHeaderValue? header)
    {
        var wait = header?.Delta ?? header?.Date - time.GetUtcNow();
        return wait > TimeSpan.Zero ? wait : null;
    }

    private static string Cause(HttpRequestException exception) => exception.InnerException switch
    {
        EgressRefusedException => "address not allowed",
        SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } => "host name not resolved",
        SocketException { SocketErrorCode: SocketError.ConnectionRefused } => "connection refused",
        SocketException { SocketErrorCode: SocketError.HostUnreachable or SocketError.NetworkUnreachable } => "host unreachable",
        SocketException { SocketErrorCode: SocketError.TimedOut } => "connecting timed out",
        _ => exception.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError => "host name not resolved",
            HttpRequestError.SecureConnectionError => "TLS handshake failed",
            HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError => "answer is not HTTP",
            HttpRequestError.ResponseEnded => "connection closed before an answer",
            HttpRequestError.ConfigurationLimitExceeded => "answer's headers too long",
            _ => "connection failed",
        },
    };
}
