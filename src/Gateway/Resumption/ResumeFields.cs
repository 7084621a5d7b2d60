using Gateway.Activities;

namespace Gateway.Resumption;

/// <summary>Which field of a registration's <c>resume</c> object belongs to which kinds.</summary>
internal static class ResumeFields
{
    private static readonly ResumeKind[] Engines = [ResumeKind.Temporal, ResumeKind.Cadence, ResumeKind.Restate];
    private static readonly ResumeKind[] Workflows = [ResumeKind.Temporal, ResumeKind.Cadence];

    private static readonly (string Name, Func<ResumeRequest, object?> Value, ResumeKind[] Kinds)[] Fields =
    [
        ("queue", request => request.Queue, [ResumeKind.Pull]),
        ("url", request => request.Url, [ResumeKind.Webhook]),
        ("headers", request => request.Headers, [ResumeKind.Webhook]),
        ("connection", request => request.Connection, Engines),
        ("taskToken", request => request.TaskToken, Workflows),
        ("workflowId", request => request.WorkflowId, Workflows),
        ("runId", request => request.RunId, Workflows),
        ("activityId", request => request.ActivityId, Workflows),
        ("namespace", request => request.Namespace, [ResumeKind.Temporal]),
        ("domain", request => request.Domain, [ResumeKind.Cadence]),
        ("failureReason", request => request.FailureReason, [ResumeKind.Cadence]),
        ("awakeableId", request => request.AwakeableId, [ResumeKind.Restate]),
    ];

    /// <summary>Fields that another kind reads: left standing they would be silently without effect.</summary>
    public static IEnumerable<(string Field, string Message)> Foreign(ResumeRequest request, ResumeKind kind) => Fields
        .Where(field => field.Value(request) is not null && !field.Kinds.Contains(kind))
        .Select(field => (field.Name, $"belongs to kind {string.Join(", ", field.Kinds.Select(other => other.Wire()))}"));
}
