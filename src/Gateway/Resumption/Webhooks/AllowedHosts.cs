namespace Gateway.Resumption.Webhooks;

/// <summary>
/// The hosts an operator lets webhooks reach although their address is not public. <c>name</c> allows that host,
/// <c>*.suffix</c> every host below the suffix but not the suffix itself. Letter case and a final dot do not count.
/// </summary>
internal sealed class AllowedHosts(IEnumerable<string> patterns)
{
    private readonly string[] patterns = [.. patterns.Select(Normalize)];

    public static bool IsPattern(string text)
    {
        var host = Normalize(text.StartsWith("*.", StringComparison.Ordinal) ? text[2..] : text);
        return Uri.CheckHostName(host) is not UriHostNameType.Unknown && !host.Contains('*', StringComparison.Ordinal);
    }

    public bool Contains(string host)
    {
        var name = Normalize(host);
        return Array.Exists(patterns, pattern => pattern.StartsWith("*.", StringComparison.Ordinal)
            ? name.Length > pattern.Length - 1 && name.EndsWith(pattern[1..], StringComparison.Ordinal)
            : name == pattern);
    }

    private static string Normalize(string host) => host.Trim('[', ']').TrimEnd('.').ToLowerInvariant();
}
