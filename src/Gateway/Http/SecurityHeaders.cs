namespace Gateway.Http;

/// <summary>
/// Headers of every answer: the token stands in the path, so nothing may cache the answer, pass the address on as a
/// referrer, or take the content for something else. Set at the last moment, because the exception handler clears headers.
/// </summary>
internal static class SecurityHeaders
{
    public static Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        context.Response.OnStarting(
            static state =>
            {
                var headers = ((HttpResponse)state).Headers;
                headers.CacheControl = "no-store";
                headers["Referrer-Policy"] = "no-referrer";
                headers.XContentTypeOptions = "nosniff";
                return Task.CompletedTask;
            },
            context.Response);
        return next(context);
    }
}
