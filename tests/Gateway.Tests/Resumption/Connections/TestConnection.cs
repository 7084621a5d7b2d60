using Gateway.Activities;
using Gateway.Resumption;
using Gateway.Resumption.Cadence;
using Gateway.Resumption.Connections;
using Gateway.Resumption.Restate;
using Gateway.Resumption.Temporal;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.Resumption.Connections;

/// <summary>Connections as configuration makes them, without a gateway around.</summary>
internal static class TestConnection
{
    public const string Name = "prod";

    /// <param name="settings">Of the one connection <see cref="Name"/>, by key below it.</param>
    public static ConnectionRegistry Registry(TimeProvider time, params (string Key, string Value)[] settings) => new(
        new ConfigurationBuilder().AddInMemoryCollection(
            settings.ToDictionary(setting => $"Resume:Connections:{Name}:{setting.Key}", setting => (string?)setting.Value)).Build(),
        new ServiceCollection().AddTemporal().AddCadence().AddRestate().BuildServiceProvider().GetServices<IEngineKind>(),
        time,
        () => 1);

    public static Task<ResumeResult> ResumeAsync(
        this ConnectionRegistry registry, ClosedActivity outcome, ResumeTarget target, bool earlierMayHaveArrived = false) =>
        new EngineResumer(target.Kind, registry).ResumeAsync(new ResumptionAttempt(outcome, target, 1, earlierMayHaveArrived), default);
}
