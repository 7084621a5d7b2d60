using Gateway.Activities;
using Gateway.Http.Errors;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace Gateway.Http;

/// <summary>What a request's task token came to.</summary>
internal abstract record TokenRead
{
    private TokenRead() { }

    /// <summary>Signed by this gateway, in time, and good for what was asked.</summary>
    public sealed record Genuine(TaskToken Token) : TokenRead;

    /// <summary>Ends here, with no I/O.</summary>
    public sealed record Refused(ProblemHttpResult Problem) : TokenRead;
}

/// <summary>
/// Takes the task token from the path, or on the routes without one from <c>Authorization: Bearer</c>, and verifies its own
/// word: MAC, expiry, capabilities. No I/O happens here, so a forged token cannot make the database work.
/// </summary>
internal static class TaskTokenReader
{
    /// <summary>Name of the route parameter that holds a token.</summary>
    public const string RouteParameter = "token";

    /// <param name="needed">What the call is about to do.</param>
    public static TokenRead Read(HttpContext context, TokenKeyRing ring, Capabilities needed, DateTimeOffset now)
    {
        var inPath = context.Request.RouteValues[RouteParameter] as string;
        var inHeader = BearerCredential.Read(context.Request.Headers);
        if (inHeader is BearerCredential.Ambiguous || (inPath is not null && inHeader is BearerCredential.Present))
        {
            return Refuse(Problems.InvalidRequest(
                HeaderNames.Authorization.ToLowerInvariant(), "must be the only place of the task token: path or one header, not both"));
        }

        var text = inPath ?? (inHeader as BearerCredential.Present)?.Text;
        if (text is null)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            return Refuse(Problems.Unauthenticated("task token"));
        }

        if (ring.Verify(text) is not { } token)
        {
            return Refuse(Problems.UnknownToken());
        }

        RequestLog.Concerns(context, token.ActivityId);
        return Judge(token, needed, now);
    }

    private static TokenRead Judge(TaskToken token, Capabilities needed, DateTimeOffset now)
    {
        if (token.IsExpired(now))
        {
            return Refuse(Problems.TokenExpired(token.ExpiresAt!.Value));
        }

        return token.May(needed)
            ? new TokenRead.Genuine(token)
            : Refuse(Problems.CapabilityMissing(needed & ~token.Capabilities));
    }

    private static TokenRead.Refused Refuse(ProblemHttpResult problem) => new(problem);
}
