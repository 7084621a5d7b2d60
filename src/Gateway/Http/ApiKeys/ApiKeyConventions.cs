using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace Gateway.Http.ApiKeys;

/// <summary>The scope an endpoint needs: both the rule and, as metadata, what documents and refusals say about it.</summary>
internal sealed record ScopeRequirement(string Scope) : IAuthorizationRequirement;

internal static class ApiKeyConventions
{
    /// <summary>Only callers whose API key has the scope reach the endpoint.</summary>
    /// <param name="scope">One of <see cref="ApiKeyScopes"/>.</param>
    public static TBuilder RequireScope<TBuilder>(this TBuilder builder, string scope)
        where TBuilder : IEndpointConventionBuilder
    {
        var requirement = new ScopeRequirement(scope);
        var policy = new AuthorizationPolicyBuilder(ApiKeyHandler.SchemeName).RequireAuthenticatedUser().AddRequirements(requirement).Build();
        return builder.RequireAuthorization(policy).WithMetadata(requirement);
    }

    /// <summary>Whose key the request carries. Only behind <see cref="RequireScope"/>.</summary>
    public static ApiKeyIdentity ApiKey(this HttpContext context) => context.Features.GetRequiredFeature<ApiKeyIdentity>();

    internal static IServiceCollection AddApiKeys(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<ApiKeysOptions>()
            .Configure(options => configuration.GetSection(ApiKeysOptions.Section).Bind(options.Keys))
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<ApiKeysOptions>, ApiKeysValidator>();
        services.AddSingleton<IAuthorizationHandler, ScopeHandler>();
        services.AddAuthentication(ApiKeyHandler.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, ApiKeyHandler>(ApiKeyHandler.SchemeName, null);
        services.AddAuthorization();
        return services;
    }

    private sealed class ScopeHandler : AuthorizationHandler<ScopeRequirement>
    {
        protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, ScopeRequirement requirement)
        {
            if (context.Resource is HttpContext http && http.Features.Get<ApiKeyIdentity>() is { } identity
                && identity.Scopes.Contains(requirement.Scope))
            {
                context.Succeed(requirement);
            }

            return Task.CompletedTask;
        }
    }
}
