using System.Text.Json.Serialization;

namespace Gateway.Resumption;

/// <summary>How a runner gets the outcome.</summary>
/// <param name="Kind"><c>pull</c>, <c>webhook</c>, <c>temporal</c>, <c>cadence</c> or <c>restate</c>.</param>
/// <param name="Queue">For <c>pull</c>: the queue to lease from. Default <c>default</c>.</param>
/// <param name="Url">For <c>webhook</c>: where the signed outcome is posted.</param>
/// <param name="Headers">For <c>webhook</c>: more request headers.</param>
/// <param name="Connection">For an engine: the name of the connection in the gateway's configuration.</param>
/// <param name="TaskToken">For <c>temporal</c> and <c>cadence</c>: the engine's own task token, base64 or base64url. Without it, the ids say whom.</param>
/// <param name="WorkflowId">For <c>temporal</c> and <c>cadence</c> without a task token: the engine's workflow id.</param>
/// <param name="RunId">For <c>temporal</c> and <c>cadence</c> without a task token: the run. Absent: the current one.</param>
/// <param name="ActivityId">For <c>temporal</c> and <c>cadence</c> without a task token: the engine's activity id.</param>
/// <param name="Namespace">For <c>temporal</c>: the engine's namespace. Default: the connection's.</param>
/// <param name="Domain">For <c>cadence</c> without a task token: the engine's domain. Default: the connection's.</param>
/// <param name="FailureReason">For <c>cadence</c>: the reason of every failure. Default: as the connection says.</param>
/// <param name="AwakeableId">For <c>restate</c>: the awakeable that waits.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ResumeRequest(
    string? Kind,
    string? Queue = null,
    string? Url = null,
    IReadOnlyDictionary<string, string>? Headers = null,
    string? Connection = null,
    string? TaskToken = null,
    string? WorkflowId = null,
    string? RunId = null,
    string? ActivityId = null,
    string? Namespace = null,
    string? Domain = null,
    string? FailureReason = null,
    string? AwakeableId = null)
{
    /// <summary>URLs, headers and task tokens are the runner's secrets: the text names the kind only.</summary>
    public override string ToString() => $"resume by {Kind}";
}
