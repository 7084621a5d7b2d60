using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Gateway.Http.Routing;

/// <summary>
/// Compares the request line with the route that matched, as it was sent. Routing is lenient (letter case, a trailing slash,
/// dot segments, percent-encoded letters); here one address has one spelling.
/// </summary>
internal static class ExactRoute
{
    /// <summary>Ids of the workflow's own: any text, so these and only these may be percent-encoded.</summary>
    private static readonly string[] FreeText = ["workflowId", "activityId"];

    /// <summary>Whether the path was sent as the route is written. Route values of free text are decoded on the way, exactly once.</summary>
    public static bool MatchesPath(HttpContext context, RouteEndpoint endpoint)
    {
        var rest = PathOf(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
        if (endpoint.RoutePattern.PathSegments.Count == 0)
        {
            return rest is "/";
        }

        foreach (var segment in endpoint.RoutePattern.PathSegments)
        {
            if (rest.IsEmpty || rest[0] != '/')
            {
                return false;
            }

            rest = rest[1..];
            var end = rest.IndexOf('/');
            var sent = end < 0 ? rest : rest[..end];
            if (!Fits(context, segment, sent))
            {
                return false;
            }

            rest = end < 0 ? [] : rest[end..];
        }

        return rest.IsEmpty;
    }

    /// <summary>Whether the method was sent as it is written: methods have letter case (RFC 9110 section 9.1).</summary>
    public static bool MatchesMethod(HttpContext context, IHttpMethodMetadata? metadata) =>
        metadata is null || metadata.HttpMethods.Count == 0 || metadata.HttpMethods.Contains(context.Request.Method, StringComparer.Ordinal);

    private static bool Fits(HttpContext context, RoutePatternPathSegment segment, ReadOnlySpan<char> sent)
    {
        if (segment.Parts is [RoutePatternLiteralPart literal])
        {
            return sent.SequenceEqual(literal.Content);
        }

        if (segment.Parts is not [RoutePatternParameterPart parameter])
        {
            // A name with a fixed ending, such as {documentName}.json.
            return !sent.Contains('%') && segment.Parts is [.., RoutePatternLiteralPart ending] && sent.EndsWith(ending.Content);
        }

        if (!sent.Contains('%'))
        {
            return sent.Length > 0;
        }

        if (!FreeText.Contains(parameter.Name, StringComparer.Ordinal))
        {
            return false;
        }

        // The server leaves %2F as it is, which cannot be told from the text "%2F": decode what was sent instead.
        context.Request.RouteValues[parameter.Name] = Uri.UnescapeDataString(sent);
        return true;
    }

    /// <summary>The path of the request target, which may be a whole URL (RFC 9112 section 3.2.2).</summary>
    private static ReadOnlySpan<char> PathOf(ReadOnlySpan<char> target)
    {
        if (!target.StartsWith("/"))
        {
            var authority = target.IndexOf("://");
            var slash = authority < 0 ? -1 : target[(authority + 3)..].IndexOf('/');
            target = slash < 0 ? [] : target[(authority + 3 + slash)..];
        }

        var query = target.IndexOf('?');
        return query < 0 ? target : target[..query];
    }
}
