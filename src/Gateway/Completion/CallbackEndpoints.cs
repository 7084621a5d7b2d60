using Gateway.Activities;
using Gateway.Http;
using Gateway.Http.Bodies;
using Gateway.Http.OpenApi;
using Gateway.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Completion;

/// <summary>The public callback API: the task token is the credential, in the path or in the Authorization header.</summary>
internal static class CallbackEndpoints
{
    public static void MapCallbacks(this IEndpointRouteBuilder app)
    {
        MapCalls(app.MapGroup("/activities/{token}").WithTags("Callback (token in the path)"));
        MapCalls(app.MapGroup("/activities").WithTags("Callback (token in the Authorization header)"));
    }

    private static void MapCalls(RouteGroupBuilder group)
    {
        group.MapMethods("", [HttpMethods.Get, HttpMethods.Head], DescribeAsync);
        group.MapPost("/complete", CompleteAsync).TakesResult();
        group.MapPost("/fail", FailAsync).TakesFailure();
        group.MapPost("/heartbeat", HeartbeatAsync).TakesProgress();
        group.MapPost("/cancel", CancelAsync)
            .TakesAnyJson("Anything about the cancellation, or nothing.", """{"stoppedAt":"step 3"}""").AnswersWith(typeof(Receipt));
    }

    /// <summary>Shows the activity the token answers.</summary>
    /// <remarks>Never changes anything: link scanners may follow the URL.</remarks>
    /// <response code="200">Where the activity stands, what it expects and what the token may do.</response>
    /// <response code="410">The token was replaced or ran out, or the activity is no longer kept.</response>
    internal static async Task<Results<Ok<CallbackView>, ProblemHttpResult>> DescribeAsync(
        HttpContext context, CallbackAccess access, IActivityStore store, CallbackUrls urls)
    {
        var entry = await access.EnterAsync(context, Capabilities.Read);
        if (entry is not CallbackEntry.Granted(var activity, var token))
        {
            return ((CallbackEntry.Refused)entry).Problem;
        }

        return TypedResults.Ok(new CallbackView(
            activity.Id.ToString(),
            activity.State.Wire(),
            activity.ActivityType,
            activity.Description,
            activity.SchemaId is { } id ? RawJson.Of(await store.SchemaTextAsync(id)) : null,
            activity.Deadline,
            activity.HeartbeatDeadline,
            activity.CancelRequestedAt is not null,
            RawJson.Of(await store.ProgressAsync(activity.Id)),
            activity.Closing?.ClosedAt,
            urls.For(context.Request.RouteValues[TaskTokenReader.RouteParameter] as string, token.Capabilities)));
    }

    /// <summary>Completes an activity with its result.</summary>
    /// <remarks>
    /// The body is the return value itself, any JSON that fits the activity's schema; an empty body is <c>null</c>. With
    /// <c>?dryRun=true</c> the result is judged and nothing is stored.
    /// </remarks>
    /// <response code="200">The result is on stable storage, by this call or by an earlier identical one.</response>
    /// <response code="409">The activity already ended with another outcome.</response>
    /// <response code="410">It can never succeed: timed out, canceled, or the token was replaced.</response>
    /// <response code="422">The result does not fit the schema; the activity stays pending and the token stays good.</response>
    internal static async Task<Results<ReceiptAnswer, Ok<DryRunAnswer>, ProblemHttpResult>> CompleteAsync(
        HttpContext context, CallbackAccess access, CompletionCalls calls)
    {
        var dryRun = false;
        if (context.Request.QueryString.HasValue)
        {
            var query = new QueryReader(context.Request.Query);
            dryRun = query.Flag("dryRun");
            if (query.Problem() is { } problem)
            {
                return problem;
            }
        }

        return await access.EnterAsync(context, Capabilities.Complete, remembered: true) switch
        {
            CallbackEntry.Granted(var activity, var token) =>
                await calls.CloseAsync(context, activity, ActivityState.Completed, ClosedBy.Token, dryRun, token.Generation),
            CallbackEntry.Refused refused => refused.Problem,
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    /// <summary>Fails an activity.</summary>
    /// <remarks>The body is the failure: <c>message</c> is required.</remarks>
    /// <response code="200">The failure is on stable storage, by this call or by an earlier identical one.</response>
    /// <response code="409">The activity already ended with another outcome.</response>
    /// <response code="410">It can never succeed: timed out, canceled, or the token was replaced.</response>
    internal static Task<Results<ReceiptAnswer, Ok<DryRunAnswer>, ProblemHttpResult>> FailAsync(
        HttpContext context, CallbackAccess access, CompletionCalls calls) =>
        CloseAsync(context, access, calls, Capabilities.Fail, ActivityState.Failed);

    /// <summary>Confirms that the outside has stopped.</summary>
    /// <remarks>The body is any JSON about the cancellation, or empty.</remarks>
    /// <response code="200">The cancellation is on stable storage, by this call or by an earlier identical one.</response>
    /// <response code="409">The activity already ended with a result or a failure.</response>
    /// <response code="410">It can never succeed: timed out, canceled otherwise, or the token was replaced.</response>
    internal static Task<Results<ReceiptAnswer, Ok<DryRunAnswer>, ProblemHttpResult>> CancelAsync(
        HttpContext context, CallbackAccess access, CompletionCalls calls) =>
        CloseAsync(context, access, calls, Capabilities.Cancel, ActivityState.Canceled);

    /// <summary>Gives a sign of life, with progress.</summary>
    /// <remarks>The body is any JSON about the progress, or empty. It moves the heartbeat deadline, never the overall one.</remarks>
    /// <response code="200">Whether to go on: <c>cancelRequested</c> asks the outside to stop.</response>
    /// <response code="409">The activity already ended with a result or a failure.</response>
    /// <response code="410">The activity was canceled or timed out: stop.</response>
    internal static async Task<Results<Ok<HeartbeatAnswer>, ProblemHttpResult>> HeartbeatAsync(
        HttpContext context, CallbackAccess access, CompletionCalls calls) => await access.EnterAsync(context, Capabilities.Heartbeat) switch
        {
            CallbackEntry.Granted granted => await calls.HeartbeatAsync(context, granted.Activity),
            CallbackEntry.Refused refused => refused.Problem,
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    private static async Task<Results<ReceiptAnswer, Ok<DryRunAnswer>, ProblemHttpResult>> CloseAsync(
        HttpContext context, CallbackAccess access, CompletionCalls calls, Capabilities needed, ActivityState state) =>
        await access.EnterAsync(context, needed) switch
        {
            CallbackEntry.Granted granted => await calls.CloseAsync(context, granted.Activity, state, ClosedBy.Token),
            CallbackEntry.Refused refused => refused.Problem,
            _ => throw new System.Diagnostics.UnreachableException(),
        };
}
