using FluentValidation;
using Gateway.Http.ApiKeys;
using Gateway.Http.Errors;
using Gateway.Http.OpenApi;
using Gateway.Http.Probes;
using Gateway.Http.Routing;
using Gateway.Observability;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Gateway.Http;

/// <summary>The HTTP edge: everything between the socket and an endpoint.</summary>
internal static class EdgeModule
{
    public static IServiceCollection AddHttpEdge(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<LimitsOptions>().Bind(configuration.GetSection(LimitsOptions.Section))
            .ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<GatewayMetrics>();
        services.AddSingleton<Listeners>();
        services.AddSingleton<CallbackUrls>();
        services.AddSingleton<RunnerAccess>();
        services.AddSingleton<Waits>();
        services.AddSingleton<IProblemDetailsWriter, ProblemWriter>();
        services.AddProblemDetails();
        services.AddSingleton<Failures>();
        services.AddApiKeys(configuration);
        services.AddApiDocument();
        services.AddOutputCache();
        services.AddRateLimiter(_ => { });
        services.AddSingleton<IConfigureOptions<RateLimiterOptions>, CallbackRateLimit>();
        services.AddSingleton<IConfigureOptions<KestrelServerOptions>, ServerLimits>();
        services.ConfigureHttpJsonOptions(options => JsonConventions.Apply(options.SerializerOptions));
        services.AddValidators();
        return services;
    }

    /// <summary>
    /// The order matters: the log line must see the final status, so it stands around everything that answers; what is not
    /// addressed exactly must be gone before anybody looks at credentials.
    /// </summary>
    public static WebApplication UseHttpEdge(this WebApplication app)
    {
        var services = app.Services;
        services.GetRequiredService<Listeners>().Bind(app.Configuration);
        app.Use((context, next) =>
        {
            // No service lives as long as a request: a scope for each would be made, kept while it waits, and disposed for nothing.
            context.RequestServices = services;
            return next(context);
        });
        app.Use(SecurityHeaders.InvokeAsync);
        app.UseMiddleware<RequestLog>();
        app.UseApiPages();
        app.UseRouting();
        app.UseMiddleware<ExactRouting>();
        if (services.GetRequiredService<IOptions<LimitsOptions>>().Value.RequestsPerSecond > 0)
        {
            app.UseRateLimiter();
        }

        app.UseMiddleware<Acceptance>();
        app.UseMiddleware<ApiKeyGate>();
        app.UseWhen(static context => context.GetEndpoint()?.Metadata.GetMetadata<IOutputCachePolicy>() is not null, static cached => cached.UseOutputCache());
        app.MapProblemPages();
        app.MapHealth();
        return app;
    }

    private static void AddValidators(this IServiceCollection services)
    {
        foreach (var found in AssemblyScanner.FindValidatorsInAssembly(typeof(EdgeModule).Assembly, includeInternalTypes: true))
        {
            services.AddSingleton(found.InterfaceType, found.ValidatorType);
        }
    }
}
