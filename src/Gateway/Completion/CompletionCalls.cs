using Gateway.Activities;
using Gateway.Http;
using Gateway.Http.Bodies;
using Gateway.Http.Errors;
using Gateway.Resumption.Connections;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace Gateway.Completion;

/// <summary>
/// What the two doors, token and API key, do alike once the activity is found: read the body, record, answer.
/// </summary>
internal sealed class CompletionCalls(RecordOutcome recordOutcome, RecordHeartbeat recordHeartbeat, ConnectionRegistry connections, IOptions<LimitsOptions> limits)
{
    /// <param name="activity">As it was just read; for a completion also as it is remembered.</param>
    /// <param name="generation">Of the caller's token; null where none is needed.</param>
    public async ValueTask<Results<ReceiptAnswer, Ok<DryRunAnswer>, ProblemHttpResult>> CloseAsync(
        HttpContext context, WorkflowActivity activity, ActivityState state, ClosedBy by, bool dryRun = false, int? generation = null)
    {
        // 1. HTTP: size limit, content type, time limit.
        var read = await RequestBody.ReadAsync(context, LargestBody(activity));
        if (read is not BodyRead.Received(var body))
        {
            // Whoever has nothing to answer any more is told so first, whatever the body is.
            return activity.Remembered && await recordOutcome.StandingAsync(activity.Id, generation) is (_, { } instead)
                ? Answer(instead, activity.Id, by)
                : ((BodyRead.Refused)read).Problem;
        }

        using (body)
        {
            if (state is ActivityState.Failed && activity.Closing is null && await RefuseFailureAsync(context, body.Bytes) is { } problem)
            {
                return problem;
            }

            var recorded = await recordOutcome.ExecuteAsync(activity, new Submission(state, body.Bytes), by, dryRun, generation);
            return Answer(recorded, activity.Id, by);
        }
    }

    public async Task<Results<Ok<HeartbeatAnswer>, ProblemHttpResult>> HeartbeatAsync(HttpContext context, WorkflowActivity activity)
    {
        var read = await RequestBody.ReadAsync(context, LargestBody(activity));
        if (read is not BodyRead.Received(var body))
        {
            return ((BodyRead.Refused)read).Problem;
        }

        using (body)
        {
            return CompletionAnswers.Of(await recordHeartbeat.ExecuteAsync(activity, body.Bytes));
        }
    }

    /// <summary>An API key proves nothing about an id: what is gone is to its holder what never was.</summary>
    private static Results<ReceiptAnswer, Ok<DryRunAnswer>, ProblemHttpResult> Answer(Recorded recorded, ActivityId id, ClosedBy by) =>
        recorded is Recorded.Purged && by is ClosedBy.Runner ? Problems.NotFound() : CompletionAnswers.Of(recorded, id);

    /// <summary>An engine may keep less: over its limit it would answer success and fail the activity.</summary>
    private int LargestBody(WorkflowActivity activity) =>
        Math.Min(connections.LargestBody(activity.Resume) ?? int.MaxValue, limits.Value.MaxPayloadBytes);

    /// <summary>A failure is a document of ours: its fields are checked, its bytes are kept.</summary>
    private static async Task<ProblemHttpResult?> RefuseFailureAsync(HttpContext context, ReadOnlyMemory<byte> bytes) =>
        await RequestReader.ParseAsync<FailureRequest>(context.RequestServices, bytes, context.RequestAborted)
            is RequestRead<FailureRequest>.Refused refused ? refused.Problem : null;
}
