using System.Globalization;
using Gateway.Activities;
using Gateway.Http;
using Gateway.Http.ApiKeys;
using Gateway.Http.Bodies;
using Gateway.Http.OpenApi;
using Gateway.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Deliveries;

/// <summary>Operators see push deliveries and put them back in line.</summary>
internal static class DeliveryEndpoints
{
    private const string Statuses = "waiting, leased, delivered, dead";

    public static void MapDeliveries(this RouteGroupBuilder runner)
    {
        var group = runner.MapGroup("/deliveries").WithTags("Deliveries").RequireScope(ApiKeyScopes.Operate);
        group.MapGet("", ListAsync)
            .Query("namespace", "Only this tenant.")
            .Query("status", "Only this status.", """{"type":"string","enum":["waiting","leased","delivered","dead"]}""")
            .Query("kind", "Only this resume kind.")
            .Query("workflowId", "Only this workflow.")
            .Query("limit", "Size of the page.", """{"type":"integer","minimum":1,"maximum":500}""")
            .Query("cursor", "The `nextCursor` of the page before.");
        group.MapPost("/{activityId}/redeliver", RedeliverAsync);
        group.MapPost("/redeliver", RedeliverManyAsync)
            .Takes(typeof(RedeliverRequest), """{"status":"dead","workflowId":"order-42"}""", required: false);
    }

    /// <summary>Lists push deliveries, the latest closed first.</summary>
    /// <remarks>Filters: <c>namespace</c>, <c>status</c>, <c>kind</c>, <c>workflowId</c>. <c>limit</c> is at most 500.</remarks>
    /// <response code="200">A page.</response>
    internal static async Task<Results<Ok<DeliveryList>, ProblemHttpResult>> ListAsync(
        HttpContext context, ListDeliveries list, CancellationToken cancellationToken)
    {
        var query = new QueryReader(context.Request.Query);
        var named = query.Text("namespace");
        var wanted = new DeliveryQuery(
            NamespaceFilter.Resolve(context, named),
            query.Word("status", EntryStatusWords.Find, Statuses),
            query.Word("kind", Words.Push, Words.PushKinds),
            query.Text("workflowId"));
        var limit = query.Number("limit", 1, ListDeliveries.MaxLimit, ListDeliveries.DefaultLimit);
        var cursor = query.Word(
            "cursor",
            text => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence) ? sequence : (long?)null,
            "the nextCursor of a page");
        if (query.Problem() is { } problem)
        {
            return problem;
        }

        return NamespaceFilter.IsForbidden(context, named)
            ? RunnerAccess.ForbiddenNamespace()
            : TypedResults.Ok(await list.ExecuteAsync(wanted, cursor, limit, cancellationToken));
    }

    /// <summary>Puts one push delivery back in line, with its attempts reset.</summary>
    /// <remarks>A delivery that a dispatcher works on right now is left to it, and counts as 0.</remarks>
    /// <response code="200">1 when it was put back, 0 when it is under way or has no push target.</response>
    internal static async Task<Results<Ok<RedeliverAnswer>, ProblemHttpResult>> RedeliverAsync(
        HttpContext context, string activityId, RunnerAccess access, IOutboxStore outbox, TimeProvider time) =>
        await access.EnterAsync(context, activityId) switch
        {
            RunnerEntry.Granted granted => TypedResults.Ok(
                new RedeliverAnswer(await outbox.RedeliverAsync([granted.Activity.Id], time.Now()))),
            RunnerEntry.Refused refused => refused.Problem,
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    /// <summary>Puts all push deliveries that match back in line, with their attempts reset.</summary>
    /// <response code="200">How many there were.</response>
    internal static async Task<Results<Ok<RedeliverAnswer>, ProblemHttpResult>> RedeliverManyAsync(
        HttpContext context, RedeliverMany redeliver, CancellationToken cancellationToken)
    {
        var read = await RequestReader.ReadAsync(context, whenEmpty: new RedeliverRequest());
        if (read is not RequestRead<RedeliverRequest>.Accepted(var request))
        {
            return ((RequestRead<RedeliverRequest>.Refused)read).Problem;
        }

        if (NamespaceFilter.IsForbidden(context, request.Namespace))
        {
            return RunnerAccess.ForbiddenNamespace();
        }

        var wanted = new DeliveryQuery(
            NamespaceFilter.Resolve(context, request.Namespace),
            request.Status is { } status ? EntryStatusWords.Find(status) : EntryStatus.Dead,
            request.Kind is { } kind ? Words.Push(kind) : null,
            request.WorkflowId);
        return TypedResults.Ok(new RedeliverAnswer(await redeliver.ExecuteAsync(wanted, cancellationToken)));
    }
}
