using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Options;

namespace Gateway.Resumption.Webhooks;

/// <summary>Configuration of webhooks, section <c>Resume:Webhook</c>; checked at start.</summary>
[SuppressMessage("Performance", "CA1819:Properties should not return arrays", Justification = "The binder fills arrays.")]
internal sealed class WebhookOptions
{
    public const string Section = "Resume:Webhook";

    /// <summary>
    /// <c>whsec_&lt;base64&gt;</c> of 24 to 64 bytes: one, or a list of which the first signs first and all sign, for
    /// rotation. Empty: one is generated in the data directory.
    /// </summary>
    public string[] SigningSecrets { get; set; } = [];

    /// <summary>Lets webhooks reach addresses that are not public. Default false.</summary>
    public bool AllowPrivateNetworks { get; set; }

    /// <summary>Hosts that webhooks may reach although their address is not public: exact names or <c>*.suffix</c>.</summary>
    public string[] AllowedHosts { get; set; } = [];

    /// <summary>Attempts before an entry is dead. Default 16, from 1 to 1,000.</summary>
    public int MaxAttempts { get; set; } = 16;

    /// <summary>No attempt is planned later than this after the first one since the activity closed or was redelivered. Default 3 days, from 1 s to 1 year.</summary>
    public int MaxAgeSeconds { get; set; } = 259_200;

    /// <summary>One attempt in all, from looking up the name to the end of the answer. Default 10 s, from 1 s to 300 s.</summary>
    public int TimeoutSeconds { get; set; } = 10;

    /// <summary>Attempts at one URL that may be under way at once. Default 8, from 1 to 256.</summary>
    public int LaneConcurrency { get; set; } = 8;

    public TimeSpan MaxAge => TimeSpan.FromSeconds(MaxAgeSeconds);

    public TimeSpan Timeout => TimeSpan.FromSeconds(TimeoutSeconds);

    /// <summary>
    /// Keys that hold one text or a list of them. The binder takes lists alone and passes over a single text without a word.
    /// </summary>
    public void ReadLists(IConfiguration configuration) =>
        (SigningSecrets, AllowedHosts) = (List(configuration, "SigningSecret"), List(configuration, nameof(AllowedHosts)));

    private static string[] List(IConfiguration configuration, string key)
    {
        var section = configuration.GetSection($"{Section}:{key}");
        return section.Value is { Length: > 0 } single ? [single] : [.. section.GetChildren().Select(child => child.Value ?? "")];
    }
}

/// <summary>Each failure is one line that names the key and never shows a secret.</summary>
internal sealed class WebhookOptionsValidator : IValidateOptions<WebhookOptions>
{
    public ValidateOptionsResult Validate(string? name, WebhookOptions options)
    {
        List<string> failures = [];
        Range(nameof(options.MaxAttempts), options.MaxAttempts, 1, 1_000);
        Range(nameof(options.MaxAgeSeconds), options.MaxAgeSeconds, 1, 31_622_400);
        Range(nameof(options.TimeoutSeconds), options.TimeoutSeconds, 1, 300);
        Range(nameof(options.LaneConcurrency), options.LaneConcurrency, 1, 256);
        if (options.SigningSecrets.Any(secret => WebhookSecrets.Parse(secret) is null))
        {
            failures.Add($"{WebhookOptions.Section}:SigningSecret must be whsec_<base64 of 24 to 64 bytes>, or a list of such secrets.");
        }

        failures.AddRange(options.AllowedHosts
            .Where(host => !AllowedHosts.IsPattern(host))
            .Select(host => $"{WebhookOptions.Section}:AllowedHosts holds '{host}', which is neither a host name nor *.suffix."));
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);

        void Range(string key, int value, int least, int most)
        {
            if (value < least || value > most)
            {
                failures.Add($"{WebhookOptions.Section}:{key} must be a whole number from {least} to {most}; it is {value}.");
            }
        }
    }
}
