using System.Globalization;
using Gateway.Observability;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace Gateway.Http.Errors;

/// <summary>
/// Writes every problem, whoever made it: adds the trace id, the <c>Retry-After</c> header and the count. Takes no part in
/// content negotiation: an error is told even to a caller that asked for something else.
/// </summary>
internal sealed class ProblemWriter(IOptions<JsonOptions> json, GatewayMetrics metrics) : IProblemDetailsWriter
{
    public bool CanWrite(ProblemDetailsContext context) => true;

    public ValueTask WriteAsync(ProblemDetailsContext context)
    {
        var (http, problem) = (context.HttpContext, context.ProblemDetails);
        var note = http.Features.GetRequiredFeature<RequestNote>();
        problem.Extensions["traceId"] = note.Trace.ToHexString();
        if (problem.Extensions.TryGetValue(Problems.RetryAfterMember, out var seconds))
        {
            http.Response.Headers.RetryAfter = Convert.ToString(seconds, CultureInfo.InvariantCulture);
        }

        var code = problem.Extensions.TryGetValue("code", out var named) ? named as string : null;
        metrics.Problem(code);
        note.Problem = code;
        return new ValueTask(http.Response.WriteAsJsonAsync(
            problem, json.Value.SerializerOptions, "application/problem+json", CancellationToken.None));
    }
}
