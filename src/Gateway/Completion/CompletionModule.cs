namespace Gateway.Completion;

internal static class CompletionModule
{
    public static IServiceCollection AddCompletion(this IServiceCollection services) => services
        .AddSingleton<RecordOutcome>()
        .AddSingleton<RecordHeartbeat>()
        .AddSingleton<CompletionCalls>()
        .AddSingleton<CallbackAccess>();
}
