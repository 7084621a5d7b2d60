using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace Gateway.Http.ApiKeys;

/// <summary>The scope an endpoint needs: both the rule and, as metadata, what documents and refusals say about it.</summary>
/// <param name="AnyOf">One of them is enough.</param>
internal sealed record ScopeRequirement(IReadOnlyList<string> AnyOf) : IAuthorizationRequirement;

internal static class ApiKeyConventions
{
    /// <summary>Only callers whose API key has one of the scopes reach the endpoint.</summary>
    /// <param name="scopes">Of <see cref="ApiKeyScopes"/>.</param>
    public static TBuilder RequireScope<TBuilder>(this TBuilder builder, params string[] scopes)
        where TBuilder : IEndpointConventionBuilder
    {
        var requirement = new ScopeRequirement(scopes);
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
        // AddAuthentication would bring data protection, which writes key files into the home directory for cookies we have not.
        services.AddAuthenticationCore(options => options.DefaultScheme = ApiKeyHandler.SchemeName);
        services.AddWebEncoders();
        new AuthenticationBuilder(services).AddScheme<AuthenticationSchemeOptions, ApiKeyHandler>(ApiKeyHandler.SchemeName, null);
        services.AddAuthorization();
        return services;
    }

    /// <summary>Judges keys where one is asked for, and costs nothing elsewhere.</summary>
    internal static void UseApiKeys(this WebApplication app)
    {
        // Otherwise the application's builder puts both in front of every request.
        IApplicationBuilder pipeline = app;
        pipeline.Properties["__AuthenticationMiddlewareSet"] = true;
        pipeline.Properties["__AuthorizationMiddlewareSet"] = true;
        app.UseWhen(
            static context => context.GetEndpoint()?.Metadata.GetMetadata<ScopeRequirement>() is not null,
            static guarded => guarded.UseAuthentication().UseAuthorization());
    }

    private sealed class ScopeHandler : AuthorizationHandler<ScopeRequirement>
    {
        protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, ScopeRequirement requirement)
        {
            if (context.Resource is HttpContext http && http.Features.Get<ApiKeyIdentity>() is { } identity
                && requirement.AnyOf.Any(identity.Scopes.Contains))
            {
                context.Succeed(requirement);
            }

            return Task.CompletedTask;
        }
    }
}
