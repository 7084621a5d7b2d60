namespace Gateway.Http;

/// <summary>What <c>Authorization</c> says, as far as bearer credentials go (RFC 6750 section 2.1).</summary>
internal abstract record BearerCredential
{
    private BearerCredential() { }

    /// <summary>No bearer credential; another scheme is somebody else's.</summary>
    public sealed record Absent : BearerCredential;

    public sealed record Present(string Text) : BearerCredential
    {
        /// <summary>The text is a secret.</summary>
        public override string ToString() => nameof(Present);
    }

    /// <summary>More than one <c>Authorization</c> header: nobody can say which one counts.</summary>
    public sealed record Ambiguous : BearerCredential;

    private const string Scheme = "Bearer ";
    private static readonly Absent None = new();

    public static BearerCredential Read(IHeaderDictionary headers)
    {
        var values = headers.Authorization;
        return values.Count switch
        {
            0 => None,
            > 1 => new Ambiguous(),
            // Scheme names have no letter case (RFC 9110 section 11.1); credentials do.
            _ => values[0] is { } value && value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
                ? new Present(value[Scheme.Length..].Trim(' '))
                : None,
        };
    }
}
