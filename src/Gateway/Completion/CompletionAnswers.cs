using Gateway.Activities;
using Gateway.Http.Errors;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Completion;

/// <summary>The HTTP answers to completions and heartbeats: the same for the callback API and the runner API.</summary>
internal static class CompletionAnswers
{
    public static Results<ReceiptAnswer, Ok<DryRunAnswer>, ProblemHttpResult> Of(Recorded recorded, ActivityId id) => recorded switch
    {
        Recorded.Accepted accepted => new ReceiptAnswer(id, accepted.Closing, accepted.Duplicate),
        Recorded.Valid => TypedResults.Ok(new DryRunAnswer(true)),
        Recorded.Malformed malformed => Problems.MalformedJson(malformed.Problem),
        Recorded.InvalidResult invalid => Problems.SchemaViolation(invalid.Violations, invalid.Truncated),
        Recorded.Closed closed => Problems.Closed(closed.Closing),
        Recorded.Superseded => Problems.TokenSuperseded(),
        Recorded.Purged => Problems.Purged(),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    public static Results<Ok<HeartbeatAnswer>, ProblemHttpResult> Of(HeartbeatRecorded recorded) => recorded switch
    {
        HeartbeatRecorded.Accepted accepted => TypedResults.Ok(new HeartbeatAnswer(
            accepted.Activity.State.Wire(),
            accepted.Activity.CancelRequestedAt is not null,
            accepted.Activity.Deadline,
            accepted.HeartbeatDeadline)),
        HeartbeatRecorded.Malformed malformed => Problems.MalformedJson(malformed.Problem),
        HeartbeatRecorded.Closed closed => Problems.Closed(closed.Closing),
        HeartbeatRecorded.Purged => Problems.Purged(),
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
