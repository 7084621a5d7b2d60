using System.Net;
using Gateway.Persistence;
using Microsoft.Extensions.Options;

namespace Gateway.Resumption.Webhooks;

/// <summary>Registers the resume kind <c>webhook</c>.</summary>
internal static class WebhooksModule
{
    public static IServiceCollection AddWebhooks(this IServiceCollection services)
    {
        services.AddOptions<WebhookOptions>()
            .BindConfiguration(WebhookOptions.Section)
            .Configure<IConfiguration>((options, configuration) => options.ReadLists(configuration))
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<WebhookOptions>, WebhookOptionsValidator>();
        services.AddSingleton<ResolveHost>(Dns.GetHostAddressesAsync);
        services.AddSingleton(Egress);
        services.AddSingleton(Secrets);
        services.AddSingleton<IResumer, WebhookResumer>();
        services.AddSingleton<IResumeTargetRules, WebhookTargetRules>();
        return services;
    }

    private static WebhookSecrets Secrets(IServiceProvider provider)
    {
        if (provider.GetRequiredService<IOptions<WebhookOptions>>().Value.SigningSecrets is { Length: > 0 } configured)
        {
            return WebhookSecrets.Configured(configured);
        }

        return WebhookSecrets.InDirectory(provider.OwnedDirectory(
            $"{WebhookOptions.Section}:SigningSecret", "whsec_ and the output of 'openssl rand -base64 32'"));
    }

    private static WebhookEgress Egress(IServiceProvider provider)
    {
        var options = provider.GetRequiredService<IOptions<WebhookOptions>>().Value;
        return new WebhookEgress(
            options.AllowPrivateNetworks,
            new AllowedHosts(options.AllowedHosts),
            provider.GetRequiredService<ResolveHost>(),
            provider.GetRequiredService<TimeProvider>());
    }
}
