namespace Gateway.Http.ApiKeys;

/// <summary>Who calls the runner API. The key itself is known only by its hash.</summary>
/// <param name="Name">The operator's name for the key; safe to log.</param>
/// <param name="Namespace">The one namespace it may see, or <c>*</c>.</param>
/// <param name="Scopes">What it may do, see <see cref="ApiKeyScopes"/>.</param>
internal sealed record ApiKeyIdentity(string Name, string Namespace, IReadOnlySet<string> Scopes)
{
    public const string EveryNamespace = "*";

    public bool HasEveryNamespace => Namespace == EveryNamespace;

    /// <summary>Whether the key may touch what belongs to a namespace.</summary>
    public bool Allows(string @namespace) => HasEveryNamespace || Namespace == @namespace;
}

/// <summary>What an API key may do. The words stand in configuration: never rename one.</summary>
internal static class ApiKeyScopes
{
    public const string Register = "register";

    /// <summary>Read and lease outcomes.</summary>
    public const string Resume = "resume";

    /// <summary>Finish activities by id.</summary>
    public const string Complete = "complete";

    /// <summary>List, cancel, redeliver, tokens.</summary>
    public const string Operate = "operate";

    public static readonly IReadOnlySet<string> All = new HashSet<string>(StringComparer.Ordinal) { Register, Resume, Complete, Operate };
}
