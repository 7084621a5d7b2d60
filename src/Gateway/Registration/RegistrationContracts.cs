using System.Text.Json.Serialization;
using Gateway.Http.Bodies;
using Gateway.Resumption;

namespace Gateway.Registration;

/// <summary>A pending activity, announced by its runner.</summary>
/// <param name="WorkflowId">The workflow's own id. Required, at most 1,000 characters.</param>
/// <param name="ActivityId">The step's own id within the run. Required, at most 1,000 characters.</param>
/// <param name="Namespace">The tenant. Default: the API key's own namespace, <c>default</c> for a key that has them all.</param>
/// <param name="RunId">The run within the workflow, where the engine knows runs. At most 200 characters.</param>
/// <param name="Attempt">Counted from 1; a higher one closes a pending lower one as superseded. Default 1.</param>
/// <param name="ActivityType">What kind of step it is. At most 1,000 characters.</param>
/// <param name="Description">What is asked of the outside, for people. At most 4,000 characters.</param>
/// <param name="AssertFormat">True makes <c>format</c> an assertion; it is an annotation otherwise.</param>
/// <param name="TimeoutSeconds">When the result must be there, in seconds from now. Default <c>Activities:DefaultTimeoutSeconds</c>.</param>
/// <param name="HeartbeatTimeoutSeconds">Longest time between two signs of life. Absent: none are demanded.</param>
/// <param name="OnTimeout">What to complete with when a deadline falls due. Absent: the activity times out.</param>
/// <param name="Resume">How the outcome gets back. Absent: pull queue <c>default</c>.</param>
/// <param name="Labels">For searching. At most 20, keys of at most 100 and values of at most 500 characters.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record RegistrationRequest(
    string? WorkflowId,
    string? ActivityId,
    string? Namespace = null,
    string? RunId = null,
    int Attempt = 1,
    string? ActivityType = null,
    string? Description = null,
    bool AssertFormat = false,
    long? TimeoutSeconds = null,
    long? HeartbeatTimeoutSeconds = null,
    OnTimeoutRequest? OnTimeout = null,
    ResumeRequest? Resume = null,
    IReadOnlyDictionary<string, string>? Labels = null)
{
    /// <summary>The JSON Schema (2020-12) a result must fit. Absent: any JSON.</summary>
    /// <remarks>Not a parameter: the generated OpenAPI schema cannot tell the default of this type.</remarks>
    public RawJson ReturnSchema { get; init; }
}

/// <summary>What becomes of an activity whose deadline falls due.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record OnTimeoutRequest
{
    /// <summary>Completes the activity with this value, which must fit the schema.</summary>
    public RawJson Result { get; init; }
}

/// <summary>A registered activity and the credential to answer it.</summary>
/// <param name="Id">Its public name, safe to log.</param>
/// <param name="State">Where it stands; <c>pending</c> after a first registration.</param>
/// <param name="TaskToken">The secret that lets its holder answer it. The same registration gives the same token.</param>
/// <param name="CreatedAt">When it was registered.</param>
/// <param name="Deadline">When the result must be there.</param>
/// <param name="Urls">The calls the token may make, ready to hand out.</param>
public sealed record RegisteredActivity(
    string Id,
    string State,
    string TaskToken,
    DateTimeOffset CreatedAt,
    DateTimeOffset Deadline,
    IReadOnlyDictionary<string, string> Urls)
{
    /// <summary>The token is a secret: the text of a registration names the activity only.</summary>
    public override string ToString() => $"registered activity {Id}";
}

/// <summary>Up to 1,000 registrations.</summary>
/// <param name="Activities">Each as for a single registration.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record BatchRequest(IReadOnlyList<BatchItem>? Activities);

/// <summary>What became of each registration, in order.</summary>
/// <param name="Results">One per item.</param>
public sealed record BatchAnswer(IReadOnlyList<BatchResult> Results);

/// <summary>What became of one registration of a batch.</summary>
/// <param name="Status">The status the registration alone would have had: 201, 200 or the problem's.</param>
/// <param name="Activity">The registered activity, where there is one.</param>
/// <param name="Problem">Why it was refused, where it was.</param>
[method: JsonConstructor]
public sealed record BatchResult(
    int Status,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] RegisteredActivity? Activity = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Microsoft.AspNetCore.Mvc.ProblemDetails? Problem = null);
