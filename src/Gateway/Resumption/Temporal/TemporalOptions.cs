using Gateway.Resumption.Connections;

namespace Gateway.Resumption.Temporal;

/// <summary>How a Temporal server is called.</summary>
internal enum TemporalTransport
{
    /// <summary>The HTTP API (port 7243 by custom; server 1.22 and later).</summary>
    Http = 0,

    /// <summary>gRPC (port 7233): every server, and Temporal Cloud.</summary>
    Grpc = 1,
}

/// <summary>Which generation of the HTTP API's activity routes a server has.</summary>
internal enum TemporalRoutes
{
    /// <summary>Asked of the server (<c>system-info</c>) before the first call.</summary>
    Auto = 0,

    /// <summary>1.30.1 and later: <c>activity-complete</c>.</summary>
    Modern = 1,

    /// <summary>1.22 to 1.29: <c>activities/complete</c>.</summary>
    Legacy = 2,
}

/// <summary>A connection to a Temporal frontend.</summary>
internal sealed class TemporalOptions : ConnectionOptions
{
    /// <summary>Namespace of registrations that name none. Default <c>default</c>.</summary>
    public string Namespace { get; set; } = "default";

    public TemporalTransport Transport { get; set; }

    /// <summary>Over HTTP: which routes. Default: ask the server.</summary>
    public TemporalRoutes Routes { get; set; }

    /// <summary>Sent as <c>Authorization: Bearer</c>: an API key or a JWT. Never logged.</summary>
    public string? ApiKey { get; set; }

    /// <summary>More metadata of every payload, for workers whose codec asks for it: name to text. <c>encoding</c> replaces <c>json/plain</c>.</summary>
    public Dictionary<string, string> PayloadMetadata { get; set; } = [];

    /// <summary>
    /// The server's <c>limit.blobSize.error</c> in bytes, default 2 MiB, from 1 KiB to 3 MiB (a message is 4 MiB at most). Over it
    /// the server answers success and fails the activity, so the gateway refuses at its own door.
    /// </summary>
    public int BlobLimitBytes { get; set; } = 2 * 1024 * 1024;

    protected override IEnumerable<(string Key, string Message)> CheckKind()
    {
        if (Namespace.Length is 0 or > 1000)
        {
            yield return (nameof(Namespace), "must be 1 to 1000 characters");
        }

        if (ApiKey is not null && !IsHeaderValue(ApiKey))
        {
            yield return (nameof(ApiKey), "must be visible ASCII characters");
        }

        if (BlobLimitBytes is < 1024 or > 3 * 1024 * 1024)
        {
            yield return (nameof(BlobLimitBytes), "must be a whole number from 1024 to 3145728");
        }

        if (PayloadMetadata.Any(entry => entry.Key.Length == 0 || entry.Value.Length > 1000))
        {
            yield return (nameof(PayloadMetadata), "must have names, and values of at most 1000 characters");
        }
    }
}
