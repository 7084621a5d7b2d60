using Gateway.Activities;
using Gateway.Http.ApiKeys;
using Gateway.Persistence;
using Gateway.Persistence.Sqlite;
using Gateway.Resumption.Webhooks;
using Microsoft.Extensions.Options;

namespace Gateway.FirstStart;

/// <summary>
/// The secrets the gateway runs with: from configuration, or else from files it makes on its first start. The storage is
/// opened before, so that only the process that owns the data directory writes into it.
/// </summary>
internal static class FirstStartModule
{
    public static IServiceCollection AddFirstStart(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<TokensOptions>()
            .Configure(options => configuration.GetSection($"{TokensOptions.Section}:Keys").Bind(options.Keys))
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<TokensOptions>, TokensValidator>();
        services.AddSingleton(TokenKeys);
        services.AddSingleton(provider => RunnerKeyFile.Open(provider.OwnedDirectory(
            ApiKeysOptions.Section, "a list of { \"name\", \"sha256\", \"namespace\", \"scopes\" }")));
        services.AddSingleton(ApiKeys);
        return services;
    }

    /// <summary>Makes or reads the secrets now, and greets whoever started the gateway for the first time.</summary>
    public static WebApplication UseSecrets(this WebApplication app)
    {
        _ = app.Services.GetRequiredService<TokenKeyRing>();
        _ = app.Services.GetRequiredService<ApiKeyRing>();
        _ = app.Services.GetRequiredService<WebhookSecrets>();
        if (!HasConfiguredKeys(app.Services) && app.Services.GetRequiredService<RunnerKeyFile>() is { IsNew: true } file)
        {
            app.Lifetime.ApplicationStarted.Register(() => Console.Out.Write(Greeting.For(app, file)));
        }

        return app;
    }

    private static TokenKeyRing TokenKeys(IServiceProvider provider)
    {
        var configured = provider.GetRequiredService<IOptions<TokensOptions>>().Value.Keys;
        return configured.Count > 0
            ? new TokenKeyRing([.. configured.Select(key => key.ToKey())])
            : TokenKeyFile.Open(
                provider.OwnedDirectory(
                    $"{TokensOptions.Section}:Keys", "a list of { \"id\", \"secret\" }, each secret from 'openssl rand -base64 32'"),
                () => SqliteStorage.HoldsActivities(provider.GetRequiredService<IOptions<StorageOptions>>().Value.DatabasePath));
    }

    private static ApiKeyRing ApiKeys(IServiceProvider provider) => HasConfiguredKeys(provider)
        ? new ApiKeyRing(provider.GetRequiredService<IOptions<ApiKeysOptions>>().Value.Keys)
        : provider.GetRequiredService<RunnerKeyFile>().Ring;

    private static bool HasConfiguredKeys(IServiceProvider provider) =>
        provider.GetRequiredService<IOptions<ApiKeysOptions>>().Value.Keys.Count > 0;
}
