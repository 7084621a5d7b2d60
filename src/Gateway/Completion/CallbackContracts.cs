using System.Text.Json.Serialization;
using FluentValidation;
using Gateway.Http.Bodies;

namespace Gateway.Completion;

/// <summary>Proof that the outcome is on stable storage.</summary>
/// <param name="ActivityId">The activity that was closed.</param>
/// <param name="State">How it ended: <c>completed</c>, <c>failed</c> or <c>canceled</c>.</param>
/// <param name="ClosedAt">When it ended.</param>
/// <param name="Digest"><c>sha-256=&lt;base64&gt;</c> of the body bytes as received.</param>
/// <param name="Duplicate">True when an earlier identical call closed it: a retry is not an error.</param>
public sealed record Receipt(string ActivityId, string State, DateTimeOffset ClosedAt, string Digest, bool Duplicate);

/// <summary>A dry run's answer: the result fits the schema; nothing was stored.</summary>
/// <param name="Valid">Always true; a result that does not fit is answered 422.</param>
public sealed record DryRunAnswer(bool Valid);

/// <summary>The answer to a sign of life.</summary>
/// <param name="State">Where the activity stands.</param>
/// <param name="CancelRequested">True when the runner asks the outside to stop: confirm with <c>cancel</c>.</param>
/// <param name="Deadline">When the result must be there; a heartbeat does not move it.</param>
/// <param name="HeartbeatDeadline">When the next heartbeat must be there; null where none is demanded.</param>
public sealed record HeartbeatAnswer(string State, bool CancelRequested, DateTimeOffset Deadline, DateTimeOffset? HeartbeatDeadline);

/// <summary>An activity as the outside sees it.</summary>
/// <param name="ActivityId">Its public name, safe to log.</param>
/// <param name="State">Where it stands.</param>
/// <param name="ActivityType">What kind of step it is.</param>
/// <param name="Description">What is asked of the outside.</param>
/// <param name="ReturnSchema">The JSON Schema a result must fit; null allows any JSON.</param>
/// <param name="Deadline">When the result must be there.</param>
/// <param name="HeartbeatDeadline">When the next heartbeat must be there; null where none is demanded.</param>
/// <param name="CancelRequested">True when the runner asks the outside to stop.</param>
/// <param name="Progress">What the last heartbeat reported.</param>
/// <param name="ClosedAt">When it ended; null while pending.</param>
/// <param name="Links">The calls this token may make, by name.</param>
public sealed record CallbackView(
    string ActivityId,
    string State,
    string? ActivityType,
    string? Description,
    RawJson? ReturnSchema,
    DateTimeOffset Deadline,
    DateTimeOffset? HeartbeatDeadline,
    bool CancelRequested,
    RawJson? Progress,
    DateTimeOffset? ClosedAt,
    IReadOnlyDictionary<string, string> Links);

/// <summary>Why an activity failed.</summary>
/// <param name="Message">What went wrong, for people. Required, at most 16,384 characters.</param>
/// <param name="Type">The error's name, for the workflow's retry policy. At most 1,000 characters.</param>
/// <param name="NonRetryable">True when the workflow must not try the step again.</param>
/// <param name="NextRetryDelaySeconds">When the workflow should try again, in whole seconds.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record FailureRequest(
    string? Message,
    string? Type = null,
    bool? NonRetryable = null,
    long? NextRetryDelaySeconds = null)
{
    /// <summary>Anything else about the error, any JSON.</summary>
    public RawJson Details { get; init; }
}

internal sealed class FailureRequestValidator : AbstractValidator<FailureRequest>
{
    private const int TenYears = 315_360_000;

    public FailureRequestValidator()
    {
        RuleFor(failure => failure.Message).NotEmpty().WithMessage("is required: say what went wrong")
            .MaximumLength(16_384).WithMessage("must be at most 16384 characters");
        RuleFor(failure => failure.Type).MaximumLength(1000).WithMessage("must be at most 1000 characters");
        RuleFor(failure => failure.NextRetryDelaySeconds).InclusiveBetween(0, TenYears)
            .WithMessage($"must be between 0 and {TenYears}");
    }
}
