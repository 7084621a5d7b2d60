namespace Gateway.Activities;

/// <summary>How a runner gets an outcome. The numbers are stored: never renumber.</summary>
internal enum ResumeKind
{
    Pull = 0,
    Webhook = 1,
    Temporal = 2,
    Cadence = 3,
    Restate = 4,
}

/// <summary>Whom an outcome resumes.</summary>
/// <param name="Kind">The way it gets there.</param>
/// <param name="Address">Pull: the queue. Webhook: the absolute URL. Engines: the name of the connection in configuration.</param>
/// <param name="Options">What else the kind needs, one JSON object (webhook headers, an engine's ids), or null.</param>
/// <remarks>Options and URLs may hold secrets of the runner: neither is ever logged or listed.</remarks>
internal sealed record ResumeTarget(ResumeKind Kind, string Address, string? Options = null)
{
    /// <summary>
    /// What shares one place in line: entries of one lane are delivered together, and a lane that hangs delays no other.
    /// A pull queue belongs to its namespace; a webhook's lane is its URL without the query.
    /// </summary>
    public string Lane(string @namespace) => Kind switch
    {
        ResumeKind.Pull => PullLane(@namespace, Address),
        ResumeKind.Webhook => Address.Split('?', 2)[0],
        _ => Address,
    };

    public static string PullLane(string @namespace, string queue) => $"{@namespace}/{queue}";

    /// <summary>What may be shown of the address: a webhook's path and query may hold a secret.</summary>
    public string PublicAddress => Kind is ResumeKind.Webhook ? new Uri(Address).GetLeftPart(UriPartial.Authority) : Address;

    public override string ToString() => Kind is ResumeKind.Pull ? $"pull {Address}" : Kind.Wire();
}
