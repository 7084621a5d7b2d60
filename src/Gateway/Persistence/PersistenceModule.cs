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
        services.AddSingleton<ActivityStore>();
        services.AddSingleton<OutboxStore>();
        services.AddSingleton<ActivitySearch>();
        services.AddSingleton<StorageProbe>(provider => _ => provider.GetRequiredService<ActivityStore>().ProbeAsync());
        services.AddSingleton<Func<GatewayDbContext>>(provider =>
        {
            var path = provider.GetRequiredService<IOptions<StorageOptions>>().Value.DatabasePath;
            var options = SqliteStorage.ContextOptions(SqliteStorage.ReadOnlyConnectionString(path));
            return () => new SqliteGatewayDbContext(options);
        });
        return services;
    }

    private static SqliteStorage OpenStorage(IServiceProvider provider)
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
            provider.GetRequiredService<ILogger<CommitLoop>>(),
            metrics.Committed);
    }
}
