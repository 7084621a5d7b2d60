namespace Gateway.Http;

/// <summary>
/// Headers of every answer: the token stands in the path, so nothing may cache the answer, pass the address on as a
/// referrer, or take the content for something else.
/// </summary>
internal static class SecurityHeaders
{
    public static Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        Add(context.Response);
        return next(context);
    }

    /// <summary>Again, after an answer was cleared.</summary>
    public static void Add(HttpResponse response)
    {
        var headers = response.Headers;
        headers.CacheControl = "no-store";
        headers["Referrer-Policy"] = "no-referrer";
        headers.XContentTypeOptions = "nosniff";
    }
}
