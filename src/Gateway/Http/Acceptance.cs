using Gateway.Http.Errors;
using Microsoft.Net.Http.Headers;

namespace Gateway.Http;

/// <summary>
/// Content negotiation (RFC 9110 section 12.5.1) for the two APIs, which have one form to offer. A header that cannot be
/// read asks for nothing in particular.
/// </summary>
internal sealed class Acceptance(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        var accept = context.Request.Headers.Accept;
        return accept.Count == 0 || Admits(accept, "application/json") || !IsApi(context.Request.Path)
            ? next(context)
            : Problems.NotAcceptable("application/json").ExecuteAsync(context);
    }

    /// <summary>Whether an <c>Accept</c> header admits a media type: the most specific range that covers it decides.</summary>
    internal static bool Admits(IList<string?> accept, string mediaType)
    {
        if (accept is ["*/*"] || !MediaTypeHeaderValue.TryParseList([.. accept.OfType<string>()], out var ranges))
        {
            return true;
        }

        var type = new MediaTypeHeaderValue(mediaType);
        var best = ranges.Where(range => type.IsSubsetOf(WithoutQuality(range)))
            .OrderByDescending(range => (range.MatchesAllTypes, range.MatchesAllSubTypes) switch
            {
                (true, _) => 0,
                (_, true) => 1,
                _ => 2,
            })
            .FirstOrDefault();
        return best is { Quality: null or > 0 };
    }

    /// <summary>Whether the header asks for a media type by its own name, not only by a wildcard.</summary>
    internal static bool Names(IList<string?> accept, string mediaType) =>
        MediaTypeHeaderValue.TryParseList([.. accept.OfType<string>()], out var ranges)
        && ranges.Any(range => range.MediaType.Equals(mediaType, StringComparison.OrdinalIgnoreCase) && range.Quality is null or > 0);

    private static MediaTypeHeaderValue WithoutQuality(MediaTypeHeaderValue range) => new(range.MediaType);

    private static bool IsApi(PathString path) => path.StartsWithSegments("/activities") || path.StartsWithSegments("/internal");
}
