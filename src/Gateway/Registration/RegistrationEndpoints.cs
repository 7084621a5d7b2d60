using Gateway.Http;
using Gateway.Http.ApiKeys;
using Gateway.Http.Bodies;
using Gateway.Http.Errors;
using Gateway.Http.OpenApi;
using Gateway.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace Gateway.Registration;

/// <summary>The runner API's registrations: one, or up to a thousand at once.</summary>
internal static class RegistrationEndpoints
{
    private const int MaxBatch = 1000;

    private const string Example = """
        {
          "workflowId": "order-42", "activityId": "charge-card", "activityType": "ChargeCard", "description": "Charge the customer's card",
          "returnSchema": { "type": "object", "required": ["chargeId"], "properties": { "chargeId": { "type": "string" } } },
          "timeoutSeconds": 86400, "resume": { "kind": "pull", "queue": "orders" }, "labels": { "customer": "42" }
        }
        """;

    public static void MapRegistration(this RouteGroupBuilder runner)
    {
        var group = runner.MapGroup("/activities").WithTags("Registration").RequireScope(ApiKeyScopes.Register);
        group.MapPost("", RegisterAsync).Takes(typeof(RegistrationRequest), Example);
        group.MapPost("/batch", RegisterBatchAsync).Takes(typeof(BatchRequest), $$"""{"activities":[{{Example}}]}""");
    }

    /// <summary>Registers a pending activity and hands out its task token.</summary>
    /// <remarks>The same registration again answers 200 with the same activity and the same token, so it is safe to repeat.</remarks>
    /// <response code="201">Registered. The task token and the URLs made of it are secrets: whoever holds one may answer the activity.</response>
    /// <response code="200">The same registration stood there already.</response>
    /// <response code="409">A different registration, or a higher attempt, stands under the same identity.</response>
    /// <response code="422">The return schema is broken; the answer names the place.</response>
    internal static async Task<Results<Created<RegisteredActivity>, Ok<RegisteredActivity>, ProblemHttpResult>> RegisterAsync(
        HttpContext context, RegisterActivity register, RegistrationAnswers answers)
    {
        var read = await RequestReader.ReadAsync<RegistrationRequest>(context);
        if (read is not RequestRead<RegistrationRequest>.Accepted(var request))
        {
            return ((RequestRead<RegistrationRequest>.Refused)read).Problem;
        }

        var prepared = Prepare(context, register, request);
        if (prepared is not Step.Ready(var activity))
        {
            return ((Step.Refused)prepared).Problem;
        }

        var registered = await register.StoreAsync(activity);
        return registered switch
        {
            Registered.Added added => TypedResults.Created($"/internal/activities/{added.Activity.Id}", answers.Of(added.Activity)),
            Registered.Repeated repeated => TypedResults.Ok(answers.Of(repeated.Activity)),
            _ => RegistrationAnswers.Conflict(registered),
        };
    }

    /// <summary>Registers up to 1,000 activities in one commit.</summary>
    /// <response code="200">One result or problem per item, in order; an item that is refused does not hinder the others.</response>
    internal static async Task<Results<Ok<BatchAnswer>, ProblemHttpResult>> RegisterBatchAsync(
        HttpContext context, RegisterActivity register, RegistrationAnswers answers, IOptions<LimitsOptions> limits)
    {
        var read = await RequestReader.ReadAsync<BatchRequest>(context, limits.Value.MaxBatchBytes, bind: BatchDocument.Bind);
        if (read is not RequestRead<BatchRequest>.Accepted({ Activities: { } items }))
        {
            return read is RequestRead<BatchRequest>.Refused refused ? refused.Problem : Problems.InvalidRequest("activities", "is required");
        }

        if (items.Count is 0 or > MaxBatch)
        {
            return Problems.InvalidRequest("activities", $"must have 1 to {MaxBatch} items");
        }

        var steps = new List<Step>(items.Count);
        foreach (var item in items)
        {
            steps.Add(await PrepareAsync(context, register, item));
        }

        var registered = await register.StoreAsync([.. steps.OfType<Step.Ready>().Select(step => step.Activity)]);
        var next = 0;
        var results = steps.Select(step => step is Step.Ready
            ? answers.Item(registered[next++])
            : RegistrationAnswers.Item(((Step.Refused)step).Problem));
        return TypedResults.Ok(new BatchAnswer([.. results]));
    }

    private static async ValueTask<Step> PrepareAsync(HttpContext context, RegisterActivity register, BatchItem item)
    {
        var (services, aborted) = (context.RequestServices, context.RequestAborted);
        var read = item.Request is { } bound
            ? await RequestReader.JudgeAsync(services, new RequestRead<RegistrationRequest>.Accepted(bound), aborted)
            : await RequestReader.ParseItemAsync<RegistrationRequest>(services, item.Text, aborted);
        return read is RequestRead<RegistrationRequest>.Accepted accepted
            ? Prepare(context, register, accepted.Request)
            : new Step.Refused(((RequestRead<RegistrationRequest>.Refused)read).Problem);
    }

    private static Step Prepare(HttpContext context, RegisterActivity register, RegistrationRequest request)
    {
        if (RunnerAccess.Resolve(context, request.Namespace) is not { } @namespace)
        {
            return new Step.Refused(RunnerAccess.ForbiddenNamespace());
        }

        return register.Prepare(request, @namespace) switch
        {
            Prepared.Ready ready => new Step.Ready(ready.Activity),
            Prepared.InvalidSchema invalid => new Step.Refused(Problems.InvalidSchema(invalid.Errors)),
            Prepared.UnfitOnTimeout unfit => new Step.Refused(Problems.InvalidRequest(
                "onTimeout.result", $"must fit returnSchema: {unfit.Violations[0].Message} at '{unfit.Violations[0].InstanceLocation}'")),
            Prepared.LargeOnTimeout large => new Step.Refused(Problems.InvalidRequest(
                "onTimeout.result", $"must have at most {large.Limit} bytes: the engine keeps no more")),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    /// <summary>One registration on its way to the store.</summary>
    private abstract record Step
    {
        public sealed record Ready(NewActivity Activity) : Step;

        public sealed record Refused(ProblemHttpResult Problem) : Step;
    }
}
