using Microsoft.Net.Http.Headers;

namespace Gateway.Http.Routing;

/// <summary>After routing: what is not addressed exactly, or not served on this listener, is not found.</summary>
internal sealed class ExactRouting(RequestDelegate next, Listeners listeners)
{
    private const string RunnerPrefix = "/internal";

    public Task InvokeAsync(HttpContext context)
    {
        // Also before the answers routing makes itself, such as 405: they would tell that the API exists.
        if (context.Request.Path.StartsWithSegments(RunnerPrefix, StringComparison.OrdinalIgnoreCase)
            && !listeners.ServesRunner(context.Connection.LocalPort))
        {
            context.SetEndpoint(null);
        }
        else if (context.GetEndpoint() is RouteEndpoint endpoint)
        {
            if (!ExactRoute.MatchesPath(context, endpoint))
            {
                context.SetEndpoint(null);
            }
            else if (endpoint.Metadata.GetMetadata<IHttpMethodMetadata>() is { } methods && !ExactRoute.MatchesMethod(context, methods))
            {
                context.Response.Headers[HeaderNames.Allow] = string.Join(", ", methods.HttpMethods);
                return Problems.MethodNotAllowed().ExecuteAsync(context);
            }
        }

        return next(context);
    }
}
