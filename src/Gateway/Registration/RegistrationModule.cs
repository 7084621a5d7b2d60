namespace Gateway.Registration;

internal static class RegistrationModule
{
    public static IServiceCollection AddRegistration(this IServiceCollection services) => services
        .AddSingleton<RegisterActivity>()
        .AddSingleton<RegistrationAnswers>()
        .AddSingleton<IssueToken>()
        .AddSingleton<CancelActivity>()
        .AddSingleton<ListActivities>()
        .AddSingleton<DescribeActivity>();
}
