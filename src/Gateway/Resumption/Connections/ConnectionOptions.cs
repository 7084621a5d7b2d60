namespace Gateway.Resumption.Connections;

/// <summary>What every configured engine has: section <c>Resume:Connections:&lt;name&gt;</c>.</summary>
internal abstract class ConnectionOptions
{
    /// <summary><c>temporal</c>, <c>cadence</c> or <c>restate</c>.</summary>
    public string Kind { get; set; } = "";

    /// <summary>Where the engine listens: absolute, http or https, without query and user information.</summary>
    public string Url { get; set; } = "";

    /// <summary>Outcomes under way to this engine at once. Default 16, from 1 to 64.</summary>
    public int Concurrency { get; set; } = 16;

    /// <summary>One delivery or heartbeat in all, connecting included. Default 10 s, from 1 s to 300 s.</summary>
    public int TimeoutSeconds { get; set; } = 10;

    /// <summary>How the engine is recognised, and the gateway by it, where the URL is https.</summary>
    public TlsOptions Tls { get; set; } = new();

    public TimeSpan Timeout => TimeSpan.FromSeconds(TimeoutSeconds);

    /// <summary>What is wrong, by key below the connection's own. No message repeats a secret.</summary>
    public IEnumerable<(string Key, string Message)> Check()
    {
        if (!Uri.TryCreate(Url, UriKind.Absolute, out var url) || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps)
            || url.UserInfo.Length > 0 || url.Query.Length > 0 || url.Fragment.Length > 0)
        {
            yield return (nameof(Url), "must be an absolute http or https URL without user information, query and fragment");
        }

        if (Concurrency is < 1 or > 64)
        {
            yield return (nameof(Concurrency), "must be a whole number from 1 to 64");
        }

        if (TimeoutSeconds is < 1 or > 300)
        {
            yield return (nameof(TimeoutSeconds), "must be a whole number from 1 to 300");
        }

        // The binder takes any number for an enumeration.
        foreach (var word in GetType().GetProperties().Where(property => property.PropertyType.IsEnum
            && !Enum.IsDefined(property.PropertyType, property.GetValue(this)!)))
        {
            yield return (word.Name, $"must be one of {string.Join(", ", Enum.GetNames(word.PropertyType)).ToLowerInvariant()}");
        }

        foreach (var mistake in CheckKind())
        {
            yield return mistake;
        }
    }

    /// <summary>What the kind adds to <see cref="Check"/>.</summary>
    protected abstract IEnumerable<(string Key, string Message)> CheckKind();

    /// <summary>A header's value is sent as it is: visible ASCII without space around it.</summary>
    protected static bool IsHeaderValue(string text) =>
        text.Length > 0 && text.All(c => c is >= ' ' and <= '~') && text.Trim().Length == text.Length;
}

/// <summary>Certificates of a connection, as PEM files.</summary>
internal sealed class TlsOptions
{
    /// <summary>Authorities the engine's certificate must come from; without it the machine's own count.</summary>
    public string? CaFile { get; set; }

    /// <summary>The gateway's own certificate (mTLS), with <see cref="KeyFile"/>.</summary>
    public string? CertificateFile { get; set; }

    /// <summary>The key of <see cref="CertificateFile"/>.</summary>
    public string? KeyFile { get; set; }

    /// <summary>The name the engine's certificate is for, where it is not the URL's host.</summary>
    public string? ServerName { get; set; }
}
