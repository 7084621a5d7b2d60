using Gateway.Http.ApiKeys;
using Gateway.Http.Errors;

namespace Gateway.Http.OpenApi;

/// <summary>Which problems a call may be answered with: by the kind of its credential, its body and what it does.</summary>
internal static class OperationProblems
{
    private static readonly ProblemKind[] Always =
        [ProblemKinds.InvalidRequest, ProblemKinds.MethodNotAllowed, ProblemKinds.NotAcceptable, ProblemKinds.InternalError, ProblemKinds.StorageUnavailable];

    private static readonly ProblemKind[] Bodies =
        [ProblemKinds.MalformedJson, ProblemKinds.RequestTimeout, ProblemKinds.PayloadTooLarge, ProblemKinds.UnsupportedMediaType, ProblemKinds.Overloaded];

    private static readonly ProblemKind[] Tokens =
    [
        ProblemKinds.CapabilityMissing, ProblemKinds.UnknownToken, ProblemKinds.TokenSuperseded, ProblemKinds.TokenExpired,
        ProblemKinds.Purged, ProblemKinds.RateLimited,
    ];

    private static readonly ProblemKind[] Ends =
        [ProblemKinds.AlreadyClosed, ProblemKinds.TimedOut, ProblemKinds.Canceled, ProblemKinds.AttemptSuperseded];

    /// <param name="route">The route template, such as <c>/activities/{token}/complete</c>.</param>
    /// <param name="metadata">The endpoint's.</param>
    public static IEnumerable<ProblemKind> For(string route, IEnumerable<object> metadata)
    {
        var known = metadata as ICollection<object> ?? [.. metadata];
        var last = route[(route.LastIndexOf('/') + 1)..];
        var kinds = new HashSet<ProblemKind>(Always);
        if (route.StartsWith("/health", StringComparison.Ordinal))
        {
            return last == "ready" ? [ProblemKinds.StorageUnavailable] : [];
        }

        kinds.UnionWith(known.OfType<BodyNote>().Any() ? Bodies : []);
        if (known.OfType<ScopeRequirement>().Any())
        {
            kinds.UnionWith([ProblemKinds.Unauthenticated, ProblemKinds.Forbidden]);
            kinds.UnionWith(route.Contains('{', StringComparison.Ordinal) ? [ProblemKinds.NotFound] : []);
        }
        else
        {
            kinds.UnionWith(Tokens);
            kinds.UnionWith(route.Contains("{token}", StringComparison.Ordinal) ? [] : [ProblemKinds.Unauthenticated]);
        }

        kinds.UnionWith(last is "complete" or "fail" or "cancel" or "heartbeat" or "tokens" ? Ends : []);
        kinds.UnionWith(last is "complete" ? [ProblemKinds.SchemaViolation] : []);
        kinds.UnionWith(route is "/internal/activities" && known.OfType<BodyNote>().Any()
            ? [ProblemKinds.AlreadyRegistered, ProblemKinds.InvalidSchema, ProblemKinds.SchemaViolation]
            : []);
        return kinds;
    }
}
