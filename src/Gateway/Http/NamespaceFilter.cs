using Gateway.Http.ApiKeys;

namespace Gateway.Http;

/// <summary>Which namespace a search covers: a key that has them all may search all, any other only its own.</summary>
internal static class NamespaceFilter
{
    /// <param name="named">The query's filter, or null.</param>
    /// <returns>Null: every namespace.</returns>
    public static string? Resolve(HttpContext context, string? named)
    {
        var key = context.ApiKey();
        return key.HasEveryNamespace ? named : key.Namespace;
    }

    public static bool IsForbidden(HttpContext context, string? named) => named is not null && !context.ApiKey().Allows(named);
}
