using Gateway.Resumption.Connections;

namespace Gateway.Resumption.Cadence;

/// <summary>How a Cadence frontend is called.</summary>
internal enum CadenceTransport
{
    /// <summary>gRPC (port 7833): every server.</summary>
    Grpc = 0,

    /// <summary>HTTP (port 8800, server 1.2.1 and later): only procedures that the operator of Cadence has listed.</summary>
    Http = 1,
}

/// <summary>Whose failures a worker understands: what <c>reason</c> means differs by client.</summary>
internal enum CadenceFailureStyle
{
    /// <summary>Go: the reason is the failure's type, the details are its details as JSON.</summary>
    Go = 0,

    /// <summary>Java: the reason is a class name, the details are the exception as JSON.</summary>
    Java = 1,
}

/// <summary>A connection to a Cadence frontend.</summary>
internal sealed class CadenceOptions : ConnectionOptions
{
    /// <summary>Name of the domain; required.</summary>
    public string Domain { get; set; } = "";

    /// <summary>
    /// The domain's UUID (<c>cadence domain describe</c>); required. A call with a task token names no domain, so that the server cannot
    /// refuse a token of another one: the gateway does.
    /// </summary>
    public string DomainId { get; set; } = "";

    public CadenceTransport Transport { get; set; }

    /// <summary>A JWT, sent as <c>cadence-authorization</c> without a prefix. Never logged.</summary>
    public string? Token { get; set; }

    public CadenceFailureStyle FailureStyle { get; set; }

    /// <summary>
    /// The reason of failures whose registration and sender name none; in the Java style of all failures. Default
    /// <c>CallbackFailed</c> and <c>java.lang.RuntimeException</c>.
    /// </summary>
    public string? FailureReason { get; set; }

    /// <summary>The server's <c>limit.blobSize.error</c> in bytes, default 2 MiB, from 1 KiB to 32 MiB. Over it the server answers success and fails the activity.</summary>
    public int BlobLimitBytes { get; set; } = 2 * 1024 * 1024;

    protected override IEnumerable<(string Key, string Message)> CheckKind()
    {
        if (Domain.Length is 0 or > 1000)
        {
            yield return (nameof(Domain), "must be the domain's name");
        }

        if (!Guid.TryParseExact(DomainId, "D", out _))
        {
            yield return (nameof(DomainId), "must be the domain's UUID");
        }

        if (Token is not null && !IsHeaderValue(Token))
        {
            yield return (nameof(Token), "must be visible ASCII characters");
        }

        if (FailureReason is not null && !CadenceTarget.IsReason(FailureReason))
        {
            yield return (nameof(FailureReason), CadenceTarget.ReasonRule);
        }

        if (BlobLimitBytes is < 1024 or > 32 * 1024 * 1024)
        {
            yield return (nameof(BlobLimitBytes), "must be a whole number from 1024 to 33554432");
        }
    }
}
