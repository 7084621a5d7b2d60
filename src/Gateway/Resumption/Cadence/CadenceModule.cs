using Gateway.Activities;
using Gateway.Resumption.Connections;

namespace Gateway.Resumption.Cadence;

/// <summary>Registers the resume kind <c>cadence</c>.</summary>
internal static class CadenceModule
{
    public static IServiceCollection AddCadence(this IServiceCollection services) => services
        .AddSingleton<IEngineKind, CadenceKind>()
        .AddSingleton<IResumeTargetRules, CadenceTargetRules>()
        .AddSingleton<IResumer>(provider => new EngineResumer(ResumeKind.Cadence, provider.GetRequiredService<ConnectionRegistry>()));

    private sealed class CadenceKind : IEngineKind
    {
        public ResumeKind Kind => ResumeKind.Cadence;

        public (ConnectionOptions Options, IEngine Engine) Connect(ConnectionSection section)
        {
            var options = section.Read<CadenceOptions>();
            var http = EngineHandler.Create(section, options);
            ICadenceTransport transport = options.Transport is CadenceTransport.Grpc
                ? new CadenceGrpc(CadenceGrpc.Client(http, options))
                : new CadenceHttp(http, options);
            return (options, new CadenceEngine(transport, options));
        }
    }
}
