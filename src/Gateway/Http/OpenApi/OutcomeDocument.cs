using System.Text.Json;

namespace Gateway.Http.OpenApi;

/// <summary>How an activity ended, as the runner is handed it. Written by hand from stored bytes; this is its description.</summary>
/// <param name="ActivityId">The activity's public name.</param>
/// <param name="Namespace">The tenant.</param>
/// <param name="WorkflowId">The workflow's own id.</param>
/// <param name="RunId">The run within the workflow.</param>
/// <param name="Activity">The step's own id.</param>
/// <param name="Attempt">Which attempt of the step.</param>
/// <param name="ActivityType">What kind of step it is.</param>
/// <param name="Labels">As registered.</param>
/// <param name="State"><c>completed</c>, <c>failed</c>, <c>canceled</c> or <c>timedOut</c>.</param>
/// <param name="ClosedAt">When it ended.</param>
/// <param name="ClosedBy"><c>token</c>, <c>runner</c>, <c>timeout</c>, <c>superseded</c> or <c>engine</c>.</param>
/// <param name="Reason">Of a canceled one: why.</param>
/// <param name="TimeoutKind">Of a timed out one: <c>schedule</c> or <c>heartbeat</c>.</param>
/// <param name="LastHeartbeat">Of a timed out one: its last sign of life.</param>
public sealed record OutcomeDocument(
    string ActivityId,
    string Namespace,
    string WorkflowId,
    string RunId,
    string Activity,
    int Attempt,
    string? ActivityType,
    IReadOnlyDictionary<string, string> Labels,
    string State,
    DateTimeOffset ClosedAt,
    string ClosedBy,
    string? Reason = null,
    string? TimeoutKind = null,
    DateTimeOffset? LastHeartbeat = null)
{
    /// <summary>Of a completed one: the return value, byte for byte as it came.</summary>
    public JsonElement Result { get; init; }

    /// <summary>Of a failed one: the failure object as it came.</summary>
    public JsonElement Failure { get; init; }

    /// <summary>Of a canceled one: what the outside said about it.</summary>
    public JsonElement Details { get; init; }
}
