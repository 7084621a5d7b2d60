using System.Text.Json.Serialization;
using Gateway.Http.Bodies;

namespace Gateway.Registration;

/// <summary>Asks the outside to stop.</summary>
/// <param name="Reason">For people; heartbeats do not carry it, the outcome does. At most 4,000 characters.</param>
/// <param name="Force">True closes the activity at once, without waiting for the outside.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record CancelRequest(string? Reason = null, bool Force = false);

/// <summary>The answer to a request to cancel.</summary>
/// <param name="State">Where the activity stands: <c>pending</c> until the outside confirms, <c>canceled</c> when forced.</param>
/// <param name="CancelRequested">True: heartbeats tell the outside to stop.</param>
public sealed record CancelAnswer(string State, bool CancelRequested);

/// <summary>Asks for another token of an activity.</summary>
/// <param name="Capabilities">What it may do: <c>complete</c>, <c>fail</c>, <c>heartbeat</c>, <c>cancel</c>, <c>read</c>. Default: all.</param>
/// <param name="ExpiresInSeconds">How long it may be used; rounded up to whole minutes. Default: as long as the activity.</param>
/// <param name="Rotate">True raises the activity's generation: every older token answers 410 from now on.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record TokenRequest(IReadOnlyList<string>? Capabilities = null, long? ExpiresInSeconds = null, bool Rotate = false);

/// <summary>Another token of an activity.</summary>
/// <param name="TaskToken">The secret that lets its holder answer the activity.</param>
/// <param name="Capabilities">What it may do.</param>
/// <param name="ExpiresAt">When it runs out; null: with the activity.</param>
/// <param name="Urls">The calls it may make.</param>
public sealed record IssuedToken(
    string TaskToken, IReadOnlyList<string> Capabilities, DateTimeOffset? ExpiresAt, IReadOnlyDictionary<string, string> Urls)
{
    /// <summary>The token is a secret: the text names what it may do only.</summary>
    public override string ToString() => $"token for {string.Join(", ", Capabilities)}";
}

/// <summary>A page of activities, newest first.</summary>
/// <param name="Activities">Without payloads.</param>
/// <param name="NextCursor">Where the next page starts; null on the last one.</param>
public sealed record ActivityList(IReadOnlyList<ActivitySummary> Activities, string? NextCursor);

/// <summary>An activity in a list.</summary>
/// <param name="Id">Its public name.</param>
/// <param name="Namespace">The tenant.</param>
/// <param name="WorkflowId">The workflow's own id.</param>
/// <param name="RunId">The run within the workflow.</param>
/// <param name="ActivityId">The step's own id.</param>
/// <param name="Attempt">Which attempt of the step.</param>
/// <param name="ActivityType">What kind of step it is.</param>
/// <param name="State">Where it stands.</param>
/// <param name="CreatedAt">When it was registered.</param>
/// <param name="Deadline">When the result must be there.</param>
/// <param name="CancelRequested">True when the outside was asked to stop.</param>
/// <param name="ClosedAt">When it ended; null while pending.</param>
/// <param name="ClosedBy">Who closed it: <c>token</c>, <c>runner</c>, <c>timeout</c>, <c>superseded</c>, <c>engine</c>.</param>
/// <param name="Labels">For searching.</param>
public sealed record ActivitySummary(
    string Id,
    string Namespace,
    string WorkflowId,
    string RunId,
    string ActivityId,
    int Attempt,
    string? ActivityType,
    string State,
    DateTimeOffset CreatedAt,
    DateTimeOffset Deadline,
    bool CancelRequested,
    DateTimeOffset? ClosedAt,
    string? ClosedBy,
    IReadOnlyDictionary<string, string> Labels);

/// <summary>One activity with all that is known of it; payloads over 64 KiB are left out and named in <c>OmittedPayloads</c>.</summary>
/// <param name="Id">Its public name.</param>
/// <param name="Namespace">The tenant.</param>
/// <param name="WorkflowId">The workflow's own id.</param>
/// <param name="RunId">The run within the workflow.</param>
/// <param name="ActivityId">The step's own id.</param>
/// <param name="Attempt">Which attempt of the step.</param>
/// <param name="ActivityType">What kind of step it is.</param>
/// <param name="State">Where it stands.</param>
/// <param name="CreatedAt">When it was registered.</param>
/// <param name="Deadline">When the result must be there.</param>
/// <param name="CancelRequested">True when the outside was asked to stop.</param>
/// <param name="ClosedAt">When it ended; null while pending.</param>
/// <param name="ClosedBy">Who closed it: <c>token</c>, <c>runner</c>, <c>timeout</c>, <c>superseded</c>, <c>engine</c>.</param>
/// <param name="Labels">For searching.</param>
/// <param name="Description">What is asked of the outside.</param>
/// <param name="ReturnSchema">What a result must fit.</param>
/// <param name="AssertFormat">Whether <c>format</c> is asserted.</param>
/// <param name="HeartbeatTimeoutSeconds">Longest time between two signs of life.</param>
/// <param name="OnTimeout">What it completes with when a deadline falls due.</param>
/// <param name="Resume">How the outcome gets back; the address of a webhook without its path.</param>
/// <param name="TokenGeneration">Raised by each rotation.</param>
/// <param name="CancelReason">Why the runner asked to stop.</param>
/// <param name="LastHeartbeat">The last sign of life.</param>
/// <param name="HeartbeatDeadline">When the next one must be there.</param>
/// <param name="Progress">What the last one reported.</param>
/// <param name="Outcome">How it ended, as the runner is handed it; null while pending.</param>
/// <param name="History">What happened to it, oldest first.</param>
/// <param name="Delivery">What became of handing the outcome over; null while pending.</param>
/// <param name="OmittedPayloads">Payloads over 64 KiB, by name with their size in bytes.</param>
public sealed record ActivityView(
    string Id,
    string Namespace,
    string WorkflowId,
    string RunId,
    string ActivityId,
    int Attempt,
    string? ActivityType,
    string State,
    DateTimeOffset CreatedAt,
    DateTimeOffset Deadline,
    bool CancelRequested,
    DateTimeOffset? ClosedAt,
    string? ClosedBy,
    IReadOnlyDictionary<string, string> Labels,
    string? Description,
    RawJson? ReturnSchema,
    bool AssertFormat,
    long? HeartbeatTimeoutSeconds,
    RawJson? OnTimeout,
    ResumeView Resume,
    int TokenGeneration,
    string? CancelReason,
    DateTimeOffset? LastHeartbeat,
    DateTimeOffset? HeartbeatDeadline,
    RawJson? Progress,
    RawJson? Outcome,
    IReadOnlyList<HistoryEvent> History,
    DeliveryView? Delivery,
    IReadOnlyDictionary<string, long> OmittedPayloads);

/// <summary>How the outcome gets back.</summary>
/// <param name="Kind">The way.</param>
/// <param name="Target">The queue, the webhook's origin, or the connection: nothing secret.</param>
public sealed record ResumeView(string Kind, string Target);

/// <summary>Something that happened to an activity.</summary>
/// <param name="At">When.</param>
/// <param name="Event">What: <c>registered</c>, <c>heartbeat</c>, <c>cancel-requested</c>, <c>token-issued</c>, <c>token-rotated</c>, <c>closed</c>, <c>delivered</c>, <c>dead</c>, <c>redelivered</c>.</param>
/// <param name="Note">More about it.</param>
public sealed record HistoryEvent(DateTimeOffset At, string Event, string? Note);

/// <summary>What became of handing an outcome over.</summary>
/// <param name="Status"><c>waiting</c>, <c>leased</c>, <c>delivered</c> or <c>dead</c>.</param>
/// <param name="Attempts">Since the registration or the last redelivery.</param>
/// <param name="NextAttemptAt">When it is due again; for a leased one, when the lease ends.</param>
/// <param name="SettledAt">When it was delivered or given up.</param>
/// <param name="LastAnswer">What the target said last.</param>
/// <param name="Log">Each attempt of a push delivery.</param>
public sealed record DeliveryView(
    string Status,
    int Attempts,
    DateTimeOffset? NextAttemptAt,
    DateTimeOffset? SettledAt,
    string? LastAnswer,
    IReadOnlyList<AttemptView> Log);

/// <summary>One attempt at a push delivery.</summary>
/// <param name="Number">Counted from 1.</param>
/// <param name="At">When it started.</param>
/// <param name="DurationMilliseconds">How long it took.</param>
/// <param name="Answer">What came of it.</param>
public sealed record AttemptView(int Number, DateTimeOffset At, double DurationMilliseconds, string Answer);
