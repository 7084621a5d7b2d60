using Gateway.Activities;
using Gateway.Http;
using Gateway.Http.ApiKeys;
using Gateway.Http.Bodies;
using Gateway.Http.OpenApi;
using Gateway.Observability;
using Gateway.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Resumption.Pull;

/// <summary>The runner API's way to fetch outcomes: leases from a queue, or a long poll for one activity.</summary>
internal static class PullEndpoints
{
    public static void MapPull(this RouteGroupBuilder runner)
    {
        var group = runner.MapGroup("").WithTags("Outcomes").RequireScope(ApiKeyScopes.Resume);
        group.MapGet("/activities/{id}/outcome", PollAsync).AnswersWith(typeof(OutcomeDocument))
            .Query("waitSeconds", "How long to wait for the end.", """{"type":"integer","minimum":0,"maximum":60,"default":0}""");
        group.MapPost("/outcomes/lease", LeaseAsync)
            .Takes(typeof(LeaseRequest), """{"queue":"orders","max":10,"waitSeconds":20,"leaseSeconds":30}""", required: false);
        group.MapPost("/outcomes/acknowledge", AcknowledgeAsync).Takes(typeof(AcknowledgeRequest), """{"leaseIds":["1.1"]}""");
        group.MapPost("/outcomes/release", ReleaseAsync).Takes(typeof(ReleaseRequest), """{"leaseIds":["1.1"],"delaySeconds":5}""");
    }

    /// <summary>Waits for one activity's outcome.</summary>
    /// <remarks>
    /// Query: <c>waitSeconds</c>, 0 to 60, default 0. Reading is not acknowledging: the outcome stays in its queue until a lease of
    /// it is acknowledged.
    /// </remarks>
    /// <response code="200">The outcome document.</response>
    /// <response code="204">Still pending when the wait ended.</response>
    internal static async Task<Results<Ok<RawJson>, NoContent, ProblemHttpResult>> PollAsync(
        HttpContext context, string id, RunnerAccess access, IOutboxStore outbox, OutcomeWaiters waiters, Waits waits,
        GatewayMetrics metrics)
    {
        var query = new QueryReader(context.Request.Query);
        var wait = TimeSpan.FromSeconds(query.Number("waitSeconds", 0, 60, 0));
        if (query.Problem() is { } problem)
        {
            return problem;
        }

        var entry = await access.EnterAsync(context, id);
        if (entry is not RunnerEntry.Granted { Activity.Id: var awaited })
        {
            return ((RunnerEntry.Refused)entry).Problem;
        }

        // Ten thousand may wait: what follows holds on to the id and not to the activity.
        using var waiter = waiters.Enter(awaited);
        var found = await outbox.LoadAsync(awaited);
        if (found is null && wait > TimeSpan.Zero)
        {
            using var ending = waits.EndsWith(context);
            using var waiting = metrics.Waiting();
            await waiter.WaitAsync(wait, ending.Token);
            found = await outbox.LoadAsync(awaited);
        }

        return found is { Outcome: var outcome } ? TypedResults.Ok(new RawJson(outcome.ToUtf8())) : TypedResults.NoContent();
    }

    /// <summary>Leases outcomes of a queue, oldest first.</summary>
    /// <remarks>A lease that is neither acknowledged nor released in time is lost: the outcome is leased again.</remarks>
    /// <response code="200">Leased outcomes; an empty list when the wait ended without any.</response>
    internal static async Task<Results<Ok<LeaseList>, ProblemHttpResult>> LeaseAsync(
        HttpContext context, PullQueue queue, Waits waits, GatewayMetrics metrics)
    {
        var read = await RequestReader.ReadAsync(context, whenEmpty: new LeaseRequest());
        if (read is not RequestRead<LeaseRequest>.Accepted(var request))
        {
            return ((RequestRead<LeaseRequest>.Refused)read).Problem;
        }

        if (RunnerAccess.Resolve(context, request.Namespace) is not { } @namespace)
        {
            return RunnerAccess.ForbiddenNamespace();
        }

        using var ending = waits.EndsWith(context);
        using var waiting = metrics.Waiting();
        var lane = ResumeTarget.PullLane(@namespace, request.Queue ?? PullTargetRules.DefaultQueue);
        var pulled = await queue.LeaseAsync(
            lane, request.Max, TimeSpan.FromSeconds(request.WaitSeconds), TimeSpan.FromSeconds(request.LeaseSeconds), ending.Token);
        return TypedResults.Ok(new LeaseList([.. pulled.Select(outcome => new LeasedOutcome(
            LeaseId.Of(outcome.Entry).ToString(),
            outcome.Entry.Attempt,
            outcome.Entry.LeasedUntil,
            new RawJson(outcome.Outcome.ToUtf8())))]));
    }

    /// <summary>Ends leases as done: their outcomes are delivered.</summary>
    /// <response code="200">What became of each; a repeat is not an error.</response>
    internal static async Task<Results<Ok<SettleAnswer>, ProblemHttpResult>> AcknowledgeAsync(
        HttpContext context, IOutboxStore outbox, TimeProvider time)
    {
        var read = await RequestReader.ReadAsync<AcknowledgeRequest>(context);
        return read is RequestRead<AcknowledgeRequest>.Accepted(var request)
            ? await SettleAsync(context, outbox, request.LeaseIds!, new Settlement.Delivered("acknowledged"), "acknowledged", time.Now())
            : ((RequestRead<AcknowledgeRequest>.Refused)read).Problem;
    }

    /// <summary>Gives leases back, to be leased again now or after a delay.</summary>
    /// <response code="200">What became of each; a repeat is not an error.</response>
    internal static async Task<Results<Ok<SettleAnswer>, ProblemHttpResult>> ReleaseAsync(
        HttpContext context, IOutboxStore outbox, TimeProvider time)
    {
        var read = await RequestReader.ReadAsync<ReleaseRequest>(context);
        if (read is not RequestRead<ReleaseRequest>.Accepted(var request))
        {
            return ((RequestRead<ReleaseRequest>.Refused)read).Problem;
        }

        var now = time.Now();
        var settlement = new Settlement.RetryAt(now + TimeSpan.FromSeconds(request.DelaySeconds), "released");
        return await SettleAsync(context, outbox, request.LeaseIds!, settlement, "released", now);
    }

    private static async Task<Ok<SettleAnswer>> SettleAsync(
        HttpContext context, IOutboxStore outbox, IReadOnlyList<string> ids, Settlement settlement, string done, DateTimeOffset now)
    {
        var key = context.ApiKey();
        var leases = ids.Select(text => LeaseId.TryParse(text, out var id) ? id : (LeaseId?)null).ToList();
        var answers = await outbox.SettleAsync(leases, settlement, key.HasEveryNamespace ? null : key.Namespace, now);
        return TypedResults.Ok(new SettleAnswer([.. ids.Select((id, index) =>
            new SettleResult(id, answers[index] is LeaseAnswer.Lost ? "lease-lost" : done))]));
    }
}
