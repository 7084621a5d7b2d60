using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace Gateway.Http.ApiKeys;

/// <summary>The scope an endpoint needs: for the gate a rule, and what documents say about it.</summary>
/// <param name="AnyOf">One of them is enough.</param>
internal sealed record ScopeRequirement(IReadOnlyList<string> AnyOf);

internal static class ApiKeyConventions
{
    /// <summary>Only callers whose API key has one of the scopes reach the endpoint.</summary>
    /// <param name="scopes">Of <see cref="ApiKeyScopes"/>.</param>
    public static TBuilder RequireScope<TBuilder>(this TBuilder builder, params string[] scopes)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new ScopeRequirement(scopes));

    /// <summary>Whose key the request carries. Only behind <see cref="RequireScope"/>.</summary>
    public static ApiKeyIdentity ApiKey(this HttpContext context) => context.Features.GetRequiredFeature<ApiKeyIdentity>();

    internal static IServiceCollection AddApiKeys(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<ApiKeysOptions>()
            .Configure(options => configuration.GetSection(ApiKeysOptions.Section).Bind(options.Keys))
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<ApiKeysOptions>, ApiKeysValidator>();
        return services;
    }
}
