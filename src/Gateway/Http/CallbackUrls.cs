using Gateway.Activities;

namespace Gateway.Http;

/// <summary>URLs of one activity's calls, on the public address.</summary>
internal sealed class CallbackUrls(Listeners listeners)
{
    private static readonly (Capabilities Capability, string Name, string Suffix)[] Calls =
    [
        (Capabilities.Read, "self", ""),
        (Capabilities.Complete, "complete", "/complete"),
        (Capabilities.Fail, "fail", "/fail"),
        (Capabilities.Heartbeat, "heartbeat", "/heartbeat"),
        (Capabilities.Cancel, "cancel", "/cancel"),
    ];

    /// <summary>The calls a token may make, by name.</summary>
    /// <param name="token">Null: the paths without a token, for callers that send it in a header.</param>
    public IReadOnlyDictionary<string, string> For(string? token, Capabilities capabilities)
    {
        var root = token is null ? $"{listeners.PublicUrl}/activities" : $"{listeners.PublicUrl}/activities/{token}";
        var urls = new Dictionary<string, string>(Calls.Length);
        foreach (var (capability, name, suffix) in Calls)
        {
            if (capabilities.HasFlag(capability))
            {
                urls[name] = root + suffix;
            }
        }

        return urls;
    }
}
