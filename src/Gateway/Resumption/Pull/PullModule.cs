using Gateway.Persistence;

namespace Gateway.Resumption.Pull;

internal static class PullModule
{
    public static IServiceCollection AddPull(this IServiceCollection services) => services
        .AddSingleton<IResumeTargetRules, PullTargetRules>()
        .AddSingleton<OutcomeWaiters>()
        .AddSingleton<ICommitListener>(provider => provider.GetRequiredService<OutcomeWaiters>())
        .AddSingleton<PullQueue>();
}
