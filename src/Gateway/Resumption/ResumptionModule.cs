using Gateway.Persistence;
using Gateway.Resumption.Connections;
using Gateway.Resumption.Webhooks;

namespace Gateway.Resumption;

/// <summary>Registers the push side: the dispatcher and every kind it serves.</summary>
internal static class ResumptionModule
{
    public static IServiceCollection AddResumption(this IServiceCollection services)
    {
        services.AddSingleton(new ResumptionOptions());
        services.AddSingleton(RetrySchedule.Default);
        services.AddSingleton<Jitter>(Random.Shared.NextDouble);
        services.AddSingleton<OutboxSignal>();
        services.AddSingleton<ICommitListener>(provider => provider.GetRequiredService<OutboxSignal>());
        services.AddSingleton<ResumptionAttempts>();
        services.AddHostedService<ResumptionDispatcher>();
        return services.AddWebhooks().AddEngines();
    }
}
