using Gateway.Activities;
using Gateway.Observability;
using Gateway.Resumption.Cadence;
using Gateway.Resumption.Restate;
using Gateway.Resumption.Temporal;

namespace Gateway.Resumption.Connections;

/// <summary>Registers the configured engines and every kind of them.</summary>
internal static class EnginesModule
{
    public static IServiceCollection AddEngines(this IServiceCollection services)
    {
        services.AddSingleton<ConnectionRegistry>();
        services.AddSingleton<HeartbeatForwarder>();
        services.AddSingleton<ConnectionsReport>(provider => () => Report(provider.GetRequiredService<ConnectionRegistry>()));
        services.AddHostedService<ConnectionProber>();
        return services.AddTemporal().AddCadence().AddRestate();
    }

    private static Dictionary<string, ConnectionHealth> Report(ConnectionRegistry registry) => registry.All.ToDictionary(
        connection => connection.Name,
        connection => connection.State.Status is var status
            ? new ConnectionHealth(connection.Kind.Wire(), status.Status, status.Since, status.Trouble is not null)
            : throw new System.Diagnostics.UnreachableException(),
        StringComparer.Ordinal);
}
