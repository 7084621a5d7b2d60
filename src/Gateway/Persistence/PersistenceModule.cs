using Gateway.Activities;
using Gateway.Observability;
using Gateway.Persistence.Postgres;
using Gateway.Persistence.Sqlite;
using Microsoft.Extensions.Options;

namespace Gateway.Persistence;

internal static class PersistenceModule
{
    public static IServiceCollection AddPersistence(this IServiceCollection services)
    {
        services.AddOptions<StorageOptions>().BindConfiguration(StorageOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<StorageOptions>, StorageValidator>();
        services.AddSingleton(new DatabaseTime(TimeProvider.System));
        services.AddSingleton(provider => Options(provider).IsPostgres ? provider.GetRequiredService<DatabaseTime>() : TimeProvider.System);
        services.AddSingleton(OpenStorage);
        services.AddSingleton(provider => provider.GetRequiredService<IStorage>().Activities);
        services.AddSingleton(provider => provider.GetRequiredService<IStorage>().Outbox);
        services.AddSingleton<StorageProbe>(provider => _ => provider.GetRequiredService<IActivityStore>().ProbeAsync());
        services.AddSingleton(provider => new ActivitySearch(provider.GetRequiredService<IStorage>().OpenContext));
        return services;
    }

    /// <summary>
    /// Where the gateway keeps secrets it makes itself; the storage is opened first, so that only the process that owns the
    /// directory writes into it.
    /// </summary>
    /// <param name="key">The configuration key that would make the secret unnecessary.</param>
    /// <param name="how">What to put there.</param>
    /// <exception cref="StartupException">Nodes that share a database share no directory: what one makes the others do not know.</exception>
    public static string OwnedDirectory(this IServiceProvider provider, string key, string how)
    {
        var options = Options(provider);
        if (options.IsPostgres)
        {
            throw new StartupException($"{key} must be configured with Storage:Provider=postgres, because every node needs the same: {how}.");
        }

        _ = provider.GetRequiredService<IStorage>();
        return options.DataDirectory;
    }

    private static StorageOptions Options(IServiceProvider provider) => provider.GetRequiredService<IOptions<StorageOptions>>().Value;

    private static IStorage OpenStorage(IServiceProvider provider)
    {
        var metrics = provider.GetRequiredService<GatewayMetrics>();
        var listeners = provider.GetServices<ICommitListener>().ToArray();
        void Notify(CommitNotice notice)
        {
            foreach (var listener in listeners)
            {
                listener.Committed(notice);
            }

            if (notice.Closing is { } closing)
            {
                metrics.Closed(closing.State.Wire(), closing.ClosedBy.Wire());
            }
        }

        return Options(provider).IsPostgres
            ? new PostgresStorage(
                Options(provider), provider.GetRequiredService<DatabaseTime>(), Notify, () => [.. listeners.SelectMany(listener => listener.Awaited)],
                provider.GetRequiredService<ILogger<PostgresStorage>>(), metrics.Committed)
            : new SqliteStorage(
                provider.GetRequiredService<IOptions<StorageOptions>>(), provider.GetRequiredService<TimeProvider>(), Notify,
                provider.GetRequiredService<ILogger<SqliteStorage>>(), metrics.Committed, StopWith(provider));
    }

    /// <summary>Ends the process with an exit code that makes its supervisor start it again.</summary>
    private static Action<string> StopWith(IServiceProvider provider) => line =>
    {
        Environment.ExitCode = 1;
        Console.Error.WriteLine(line);
        provider.GetRequiredService<IHostApplicationLifetime>().StopApplication();
    };
}
