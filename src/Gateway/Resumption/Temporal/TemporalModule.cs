using Gateway.Activities;
using Gateway.Resumption.Connections;

namespace Gateway.Resumption.Temporal;

/// <summary>Registers the resume kind <c>temporal</c>.</summary>
internal static class TemporalModule
{
    public static IServiceCollection AddTemporal(this IServiceCollection services) => services
        .AddSingleton<IEngineKind, TemporalKind>()
        .AddSingleton<IResumeTargetRules, TemporalTargetRules>()
        .AddSingleton<IResumer>(provider => new EngineResumer(ResumeKind.Temporal, provider.GetRequiredService<ConnectionRegistry>()));

    private sealed class TemporalKind : IEngineKind
    {
        public ResumeKind Kind => ResumeKind.Temporal;

        public (ConnectionOptions Options, IEngine Engine) Connect(ConnectionSection section)
        {
            var options = section.Read<TemporalOptions>();
            var http = EngineHandler.Create(section, options);
            ITemporalTransport transport = options.Transport is TemporalTransport.Grpc
                ? new TemporalGrpc(TemporalGrpc.Client(http, options))
                : new TemporalHttp(http, options);
            return (options, new TemporalEngine(transport, options));
        }
    }
}
