using Gateway.Http.Errors;
using Microsoft.Net.Http.Headers;

namespace Gateway.Http.Routing;

/// <summary>After routing: what is not addressed exactly, or not served on this listener, is not found.</summary>
internal sealed class ExactRouting(RequestDelegate next, Listeners listeners, EndpointDataSource endpoints)
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
        else if (context.GetEndpoint() is not null && !endpoints.Endpoints.OfType<RouteEndpoint>().Any(one => ExactRoute.MatchesPath(context, one)))
        {
            // Routing's own 405, for a path that is only nearly one of ours.
            context.SetEndpoint(null);
        }

        return next(context);
    }
}
