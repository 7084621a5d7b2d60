using Gateway.Http.Errors;

namespace Gateway.Http.ApiKeys;

/// <summary>
/// Lets <c>Authorization: Bearer &lt;api key&gt;</c> through where an endpoint asks for a scope, and costs nothing elsewhere. Waits
/// for nobody and keeps nothing but whose key it is: ten thousand long polls stand behind it.
/// </summary>
internal sealed class ApiKeyGate(RequestDelegate next, ApiKeyRing ring)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetOrderedMetadata<ScopeRequirement>() is not { Count: > 0 } requirements)
        {
            return next(context);
        }

        if (BearerCredential.Read(context.Request.Headers) is not BearerCredential.Present(var key) || ring.Find(key) is not { } identity)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            return Problems.Unauthenticated().ExecuteAsync(context);
        }

        foreach (var requirement in requirements)
        {
            if (!requirement.AnyOf.Any(identity.Scopes.Contains))
            {
                return Problems.Forbidden($"The API key '{identity.Name}' lacks the scope {string.Join(" or ", requirement.AnyOf)}.").ExecuteAsync(context);
            }
        }

        context.Features.Set(identity);
        return next(context);
    }
}
