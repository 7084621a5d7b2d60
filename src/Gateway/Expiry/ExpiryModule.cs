using Gateway.Activities;

namespace Gateway.Expiry;

internal static class ExpiryModule
{
    public static IServiceCollection AddExpiry(this IServiceCollection services)
    {
        services.AddOptions<ActivityOptions>().BindConfiguration(ActivityOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        return services.AddHostedService<ExpirySweeper>().AddHostedService<RetentionSweeper>();
    }
}
