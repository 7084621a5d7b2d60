using Gateway.Activities;
using Gateway.Observability;
using Gateway.Persistence.Sqlite;
using Gateway.Resumption;
using Gateway.Resumption.Pull;
using Microsoft.Extensions.Options;

namespace Gateway.Persistence;

internal static class PersistenceModule
{
    public static IServiceCollection AddPersistence(this IServiceCollection services)
    {
        services.AddOptions<StorageOptions>().BindConfiguration(StorageOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<OutboxSignal>();
        services.AddSingleton<OutcomeWaiters>();
        services.AddSingleton(OpenStorage);
        services.AddSingleton(provider => provider.GetRequiredService<IStorage>().Activities);
        services.AddSingleton(provider => provider.GetRequiredService<IStorage>().Outbox);
        services.AddSingleton<StorageProbe>(provider => _ => provider.GetRequiredService<IActivityStore>().ProbeAsync());
        services.AddSingleton(provider => new ActivitySearch(provider.GetRequiredService<IStorage>().OpenContext));
        return services;
    }

    private static IStorage OpenStorage(IServiceProvider provider)
    {
        var metrics = provider.GetRequiredService<GatewayMetrics>();
        var (signal, waiters) = (provider.GetRequiredService<OutboxSignal>(), provider.GetRequiredService<OutcomeWaiters>());
        return new SqliteStorage(
            provider.GetRequiredService<IOptions<StorageOptions>>(),
            provider.GetRequiredService<TimeProvider>(),
            notice =>
            {
                signal.Committed(notice);
                waiters.Committed(notice);
                if (notice.Closing is { } closing)
                {
                    metrics.Closed(closing.State.Wire(), closing.ClosedBy.Wire());
                }
            },
            provider.GetRequiredService<ILogger<SqliteStorage>>(),
            metrics.Committed);
    }
}
