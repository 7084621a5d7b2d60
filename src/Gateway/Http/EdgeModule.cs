using FluentValidation;

namespace Gateway.Http;

/// <summary>The HTTP edge: everything between the socket and an endpoint.</summary>
internal static class EdgeModule
{
    public static IServiceCollection AddHttpEdge(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<LimitsOptions>().Bind(configuration.GetSection(LimitsOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(TimeProvider.System);
        services.ConfigureHttpJsonOptions(options => JsonConventions.Apply(options.SerializerOptions));
        foreach (var found in AssemblyScanner.FindValidatorsInAssembly(typeof(EdgeModule).Assembly, includeInternalTypes: true))
        {
            services.AddSingleton(found.InterfaceType, found.ValidatorType);
        }

        return services;
    }

    public static WebApplication UseHttpEdge(this WebApplication app)
    {
        return app;
    }
}
