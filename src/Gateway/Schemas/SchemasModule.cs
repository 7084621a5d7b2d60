namespace Gateway.Schemas;

internal static class SchemasModule
{
    public static IServiceCollection AddReturnSchemas(this IServiceCollection services)
    {
        services.AddOptions<SchemasOptions>().BindConfiguration(SchemasOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        return services.AddSingleton<ReturnSchemas>();
    }
}
