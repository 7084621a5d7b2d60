using Gateway.Activities;
using Gateway.Http;
using Gateway.Http.ApiKeys;
using Gateway.Http.OpenApi;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Completion;

/// <summary>The runner API's completions: by the gateway's id, or by the workflow's own ids.</summary>
internal static class RunnerCompletionEndpoints
{
    public static void MapRunnerCompletion(this RouteGroupBuilder runner)
    {
        var byId = runner.MapGroup("/activities/{id}").WithTags("Completion by runners").RequireScope(ApiKeyScopes.Complete);
        byId.MapPost("/complete", CompleteAsync).TakesResult();
        byId.MapPost("/fail", FailAsync).TakesFailure();
        byId.MapPost("/heartbeat", HeartbeatAsync).TakesProgress();
        var byReference = runner.MapGroup("/workflows/{workflowId}/activities/{activityId}")
            .WithTags("Completion by runners").RequireScope(ApiKeyScopes.Complete)
            .Query("namespace", "The tenant; the key's own where it is left out.")
            .Query("runId", "The run within the workflow; left out, the newest attempt of any run.");
        byReference.MapPost("/complete", CompleteByReferenceAsync).TakesResult();
        byReference.MapPost("/fail", FailByReferenceAsync).TakesFailure();
        byReference.MapPost("/heartbeat", HeartbeatByReferenceAsync).TakesProgress();
    }

    /// <summary>Completes an activity by its id.</summary>
    /// <remarks>The body is the return value itself, as with a token.</remarks>
    /// <response code="200">The result is on stable storage, by this call or by an earlier identical one.</response>
    /// <response code="409">The activity already ended with another outcome.</response>
    /// <response code="422">The result does not fit the schema; the activity stays pending.</response>
    internal static Task<Results<ReceiptAnswer, Ok<DryRunAnswer>, ProblemHttpResult>> CompleteAsync(
        HttpContext context, string id, RunnerAccess access, CompletionCalls calls) =>
        CloseAsync(context, calls, ActivityState.Completed, _ => access.EnterAsync(context, id, remembered: true));

    /// <summary>Fails an activity by its id.</summary>
    /// <response code="200">The failure is on stable storage, by this call or by an earlier identical one.</response>
    /// <response code="409">The activity already ended with another outcome.</response>
    internal static Task<Results<ReceiptAnswer, Ok<DryRunAnswer>, ProblemHttpResult>> FailAsync(
        HttpContext context, string id, RunnerAccess access, CompletionCalls calls) =>
        CloseAsync(context, calls, ActivityState.Failed, _ => access.EnterAsync(context, id));

    /// <summary>Gives a sign of life for an activity by its id.</summary>
    /// <response code="200">Whether to go on.</response>
    internal static Task<Results<Ok<HeartbeatAnswer>, ProblemHttpResult>> HeartbeatAsync(
        HttpContext context, string id, RunnerAccess access, CompletionCalls calls) =>
        BeatAsync(context, calls, _ => access.EnterAsync(context, id));

    /// <summary>Completes the newest attempt of a step by the workflow's own ids.</summary>
    /// <remarks>Query: <c>namespace</c>, <c>runId</c>. Ids with reserved characters are percent-encoded.</remarks>
    /// <response code="200">The result is on stable storage, by this call or by an earlier identical one.</response>
    /// <response code="409">The activity already ended with another outcome.</response>
    /// <response code="422">The result does not fit the schema; the activity stays pending.</response>
    internal static Task<Results<ReceiptAnswer, Ok<DryRunAnswer>, ProblemHttpResult>> CompleteByReferenceAsync(
        HttpContext context, string workflowId, string activityId, RunnerAccess access, CompletionCalls calls) =>
        CloseAsync(context, calls, ActivityState.Completed, query => ByReferenceAsync(context, query, access, workflowId, activityId));

    /// <summary>Fails the newest attempt of a step by the workflow's own ids.</summary>
    /// <response code="200">The failure is on stable storage, by this call or by an earlier identical one.</response>
    /// <response code="409">The activity already ended with another outcome.</response>
    internal static Task<Results<ReceiptAnswer, Ok<DryRunAnswer>, ProblemHttpResult>> FailByReferenceAsync(
        HttpContext context, string workflowId, string activityId, RunnerAccess access, CompletionCalls calls) =>
        CloseAsync(context, calls, ActivityState.Failed, query => ByReferenceAsync(context, query, access, workflowId, activityId));

    /// <summary>Gives a sign of life for the newest attempt of a step by the workflow's own ids.</summary>
    /// <response code="200">Whether to go on.</response>
    internal static Task<Results<Ok<HeartbeatAnswer>, ProblemHttpResult>> HeartbeatByReferenceAsync(
        HttpContext context, string workflowId, string activityId, RunnerAccess access, CompletionCalls calls) =>
        BeatAsync(context, calls, query => ByReferenceAsync(context, query, access, workflowId, activityId));

    private static ValueTask<RunnerEntry> ByReferenceAsync(
        HttpContext context, QueryReader query, RunnerAccess access, string workflowId, string activityId)
    {
        var (named, runId) = (query.Text("namespace"), query.Text("runId"));
        if (RunnerAccess.Resolve(context, named) is not { } @namespace)
        {
            return new(new RunnerEntry.Refused(RunnerAccess.ForbiddenNamespace()));
        }

        return access.EnterByReferenceAsync(context, @namespace, workflowId, runId, activityId);
    }

    private static async Task<Results<ReceiptAnswer, Ok<DryRunAnswer>, ProblemHttpResult>> CloseAsync(
        HttpContext context, CompletionCalls calls, ActivityState state, Func<QueryReader, ValueTask<RunnerEntry>> enter)
    {
        var query = new QueryReader(context.Request.Query);
        var dryRun = state is ActivityState.Completed && query.Flag("dryRun");
        var entry = await enter(query);
        return query.Problem() is { } problem ? problem : entry switch
        {
            RunnerEntry.Granted granted => await calls.CloseAsync(context, granted.Activity, state, ClosedBy.Runner, dryRun),
            RunnerEntry.Refused refused => refused.Problem,
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private static async Task<Results<Ok<HeartbeatAnswer>, ProblemHttpResult>> BeatAsync(
        HttpContext context, CompletionCalls calls, Func<QueryReader, ValueTask<RunnerEntry>> enter)
    {
        var query = new QueryReader(context.Request.Query);
        var entry = await enter(query);
        return query.Problem() is { } problem ? problem : entry switch
        {
            RunnerEntry.Granted granted => await calls.HeartbeatAsync(context, granted.Activity),
            RunnerEntry.Refused refused => refused.Problem,
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }
}
