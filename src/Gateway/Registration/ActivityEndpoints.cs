using Gateway.Activities;
using Gateway.Http;
using Gateway.Http.ApiKeys;
using Gateway.Http.Bodies;
using Gateway.Http.Errors;
using Gateway.Http.OpenApi;
using Gateway.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Registration;

/// <summary>The runner API's look at registered activities, and what it may do to them beside completing them.</summary>
internal static class ActivityEndpoints
{
    private const string States = "pending, completed, failed, canceled, timedOut";

    public static void MapActivities(this RouteGroupBuilder runner)
    {
        var group = runner.MapGroup("/activities").WithTags("Activities");
        group.MapGet("", ListAsync).RequireScope(ApiKeyScopes.Operate)
            .Query("namespace", "Only this tenant.")
            .Query("state", "Only this state.", """{"type":"string","enum":["pending","completed","failed","canceled","timedOut"]}""")
            .Query("workflowId", "Only this workflow.")
            .Query("activityType", "Only this kind of step.")
            .Query("label", "`key:value`; given several times, all must fit.", """{"type":"array","items":{"type":"string"}}""")
            .Query("createdAfter", "Registered at or after.", """{"type":"string","format":"date-time"}""")
            .Query("createdBefore", "Registered before.", """{"type":"string","format":"date-time"}""")
            .Query("limit", "Size of the page.", """{"type":"integer","minimum":1,"maximum":500}""")
            .Query("cursor", "The `nextCursor` of the page before.");
        group.MapGet("/{id}", DescribeAsync).RequireScope(ApiKeyScopes.Resume, ApiKeyScopes.Operate);
        group.MapPost("/{id}/cancel", CancelAsync).RequireScope(ApiKeyScopes.Operate)
            .Takes(typeof(CancelRequest), """{"reason":"the order was withdrawn","force":false}""", required: false);
        group.MapPost("/{id}/tokens", IssueTokenAsync).RequireScope(ApiKeyScopes.Operate)
            .Takes(typeof(TokenRequest), """{"capabilities":["complete","read"],"expiresInSeconds":3600,"rotate":false}""", required: false);
    }

    /// <summary>Lists activities, newest first.</summary>
    /// <remarks>
    /// Filters: <c>namespace</c>, <c>state</c>, <c>workflowId</c>, <c>activityType</c>, <c>label=key:value</c> (may stand several
    /// times), <c>createdAfter</c>, <c>createdBefore</c>. <c>limit</c> is at most 500; <c>cursor</c> is the last page's <c>nextCursor</c>.
    /// </remarks>
    /// <response code="200">A page, without payloads.</response>
    internal static async Task<Results<Ok<ActivityList>, ProblemHttpResult>> ListAsync(
        HttpContext context, ListActivities list, CancellationToken cancellationToken)
    {
        var query = new QueryReader(context.Request.Query);
        var named = query.Text("namespace");
        var limit = query.Number("limit", 1, ListActivities.MaxLimit, ListActivities.DefaultLimit);
        var wanted = new ActivityQuery(
            NamespaceFilter.Resolve(context, named),
            query.Word("state", Words.State, States),
            query.Text("workflowId"),
            query.Text("activityType"),
            Labels(query),
            query.Time("createdAfter"),
            query.Time("createdBefore"),
            query.Word("cursor", text => ActivityId.TryParse(text, out var id) ? id : (ActivityId?)null, "the nextCursor of a page"));
        if (query.Problem() is { } problem)
        {
            return problem;
        }

        return NamespaceFilter.IsForbidden(context, named)
            ? RunnerAccess.ForbiddenNamespace()
            : TypedResults.Ok(await list.ExecuteAsync(wanted, limit, cancellationToken));
    }

    /// <summary>Shows one activity with its history and its delivery attempts.</summary>
    /// <response code="200">Everything but payloads over 64 KiB.</response>
    internal static async Task<Results<Ok<ActivityView>, ProblemHttpResult>> DescribeAsync(
        HttpContext context, string id, RunnerAccess access, DescribeActivity describe, CancellationToken cancellationToken) =>
        await access.EnterAsync(context, id) switch
        {
            RunnerEntry.Granted granted => TypedResults.Ok(await describe.ExecuteAsync(granted.Activity, cancellationToken)),
            RunnerEntry.Refused refused => refused.Problem,
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    /// <summary>Asks the outside to stop, or closes the activity at once.</summary>
    /// <remarks>Without <c>force</c>, heartbeats say <c>cancelRequested</c> and the outside confirms with <c>cancel</c>.</remarks>
    /// <response code="200">Closed as canceled (<c>force</c>).</response>
    /// <response code="202">The outside is asked to stop; the activity is still pending.</response>
    /// <response code="409">The activity ended with a result or a failure.</response>
    /// <response code="410">The activity was canceled or timed out.</response>
    internal static async Task<Results<Ok<CancelAnswer>, Accepted<CancelAnswer>, ProblemHttpResult>> CancelAsync(
        HttpContext context, string id, RunnerAccess access, CancelActivity cancel)
    {
        var read = await RequestReader.ReadAsync(context, whenEmpty: new CancelRequest());
        if (read is not RequestRead<CancelRequest>.Accepted(var request))
        {
            return ((RequestRead<CancelRequest>.Refused)read).Problem;
        }

        var entry = await access.EnterAsync(context, id);
        if (entry is not RunnerEntry.Granted(var activity))
        {
            return ((RunnerEntry.Refused)entry).Problem;
        }

        var requested = request.Force ? await cancel.ForceAsync(activity, request.Reason) : await cancel.AskAsync(activity, request.Reason);
        return requested switch
        {
            CancelRequested.Asked => TypedResults.Accepted((string?)null, new CancelAnswer(ActivityState.Pending.Wire(), true)),
            CancelRequested.Canceled => TypedResults.Ok(new CancelAnswer(ActivityState.Canceled.Wire(), true)),
            CancelRequested.Closed closed => Problems.Closed(closed.Closing),
            CancelRequested.Purged => Problems.NotFound(),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    /// <summary>Issues a narrower token, or a new generation.</summary>
    /// <response code="201">The token and the calls it may make.</response>
    /// <response code="409">The activity ended, or others rotate its token at the same moment.</response>
    internal static async Task<Results<Created<IssuedToken>, ProblemHttpResult>> IssueTokenAsync(
        HttpContext context, string id, RunnerAccess access, IssueToken issueToken, CallbackUrls urls)
    {
        var read = await RequestReader.ReadAsync(context, whenEmpty: new TokenRequest());
        if (read is not RequestRead<TokenRequest>.Accepted(var request))
        {
            return ((RequestRead<TokenRequest>.Refused)read).Problem;
        }

        var entry = await access.EnterAsync(context, id);
        if (entry is not RunnerEntry.Granted(var activity))
        {
            return ((RunnerEntry.Refused)entry).Problem;
        }

        var capabilities = request.Capabilities?.Aggregate(Capabilities.None, (all, word) => all | Words.Capability(word)!.Value) ?? Capabilities.All;
        var lifetime = request.ExpiresInSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : (TimeSpan?)null;
        return await issueToken.ExecuteAsync(activity, capabilities, lifetime, request.Rotate) switch
        {
            TokenIssued.Issued(var token, var text) => TypedResults.Created(
                (string?)null, new IssuedToken(text, token.Capabilities.List(), token.ExpiresAt, urls.For(text, token.Capabilities))),
            TokenIssued.Closed closed => Problems.Closed(closed.Closing),
            TokenIssued.Contended => Problems.Overloaded(),
            TokenIssued.Exhausted => Problems.InvalidRequest("rotate", "is impossible: this activity's token was rotated 65,535 times"),
            TokenIssued.Purged => Problems.NotFound(),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private static List<KeyValuePair<string, string>> Labels(QueryReader query)
    {
        var labels = new List<KeyValuePair<string, string>>();
        foreach (var text in query.All("label"))
        {
            var colon = text.IndexOf(':', StringComparison.Ordinal);
            if (colon < 1)
            {
                query.Refuse("label", "must be key:value");
                continue;
            }

            labels.Add(new KeyValuePair<string, string>(text[..colon], text[(colon + 1)..]));
        }

        return labels;
    }
}
