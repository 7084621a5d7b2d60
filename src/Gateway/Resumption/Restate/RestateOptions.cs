using Gateway.Resumption.Connections;

namespace Gateway.Resumption.Restate;

/// <summary>What the text of a rejection is made of.</summary>
internal enum RejectionText
{
    /// <summary><c>type: message</c>.</summary>
    Message = 0,

    /// <summary>The whole failure document as JSON text, for services that parse it.</summary>
    Json = 1,
}

/// <summary>A connection to a Restate server's ingress.</summary>
internal sealed class RestateOptions : ConnectionOptions
{
    /// <summary>Bearer token of the ingress (Restate Cloud, or a proxy before it); never logged.</summary>
    public string? Token { get; set; }

    /// <summary>What an awakeable is rejected with. Default <see cref="RejectionText.Message"/>.</summary>
    public RejectionText RejectionText { get; set; }

    protected override IEnumerable<(string Key, string Message)> CheckKind()
    {
        if (Token is not null && !IsHeaderValue(Token))
        {
            yield return (nameof(Token), "must be visible ASCII characters");
        }
    }
}
