using Gateway.Activities;
using Gateway.Resumption.Connections;

namespace Gateway.Resumption.Restate;

/// <summary>Registers the resume kind <c>restate</c>.</summary>
internal static class RestateModule
{
    public static IServiceCollection AddRestate(this IServiceCollection services) => services
        .AddSingleton<IEngineKind, RestateKind>()
        .AddSingleton<IResumeTargetRules, RestateTargetRules>()
        .AddSingleton<IResumer>(provider => new EngineResumer(ResumeKind.Restate, provider.GetRequiredService<ConnectionRegistry>()));

    private sealed class RestateKind : IEngineKind
    {
        public ResumeKind Kind => ResumeKind.Restate;

        public (ConnectionOptions Options, IEngine Engine) Connect(ConnectionSection section)
        {
            var options = section.Read<RestateOptions>();
            return (options, new RestateEngine(new RestateHttp(EngineHandler.Create(section, options), options), options));
        }
    }
}
