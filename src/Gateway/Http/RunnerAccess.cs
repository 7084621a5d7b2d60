using Gateway.Activities;
using Gateway.Http.ApiKeys;
using Gateway.Http.Errors;
using Gateway.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Http;

/// <summary>Whether a runner's key may touch an activity, and the activity.</summary>
internal abstract record RunnerEntry
{
    private RunnerEntry() { }

    public sealed record Granted(WorkflowActivity Activity) : RunnerEntry;

    public sealed record Refused(ProblemHttpResult Problem) : RunnerEntry;
}

/// <summary>
/// The door for holders of an API key. Another namespace's activity does not exist for a key; a namespace that is named
/// outright and is not the key's is forbidden.
/// </summary>
internal sealed class RunnerAccess(IActivityStore store)
{
    public const string DefaultNamespace = "default";

    /// <param name="remembered">The activity may be a remembered one.</param>
    public async ValueTask<RunnerEntry> EnterAsync(HttpContext context, string id, bool remembered = false)
    {
        if (!ActivityId.TryParse(id, out var activityId))
        {
            return NotFound;
        }

        RequestLog.Concerns(context, activityId);
        return Judge(context, await (remembered ? store.FindToCloseAsync(activityId) : store.FindAsync(activityId)));
    }

    /// <summary>By the workflow's own ids; meets the newest attempt.</summary>
    /// <param name="runId">Null: of any run.</param>
    public async ValueTask<RunnerEntry> EnterByReferenceAsync(
        HttpContext context, string @namespace, string workflowId, string? runId, string activityId)
    {
        var activity = await store.FindNewestAsync(@namespace, workflowId, runId, activityId);
        if (activity is not null)
        {
            RequestLog.Concerns(context, activity.Id);
        }

        return Judge(context, activity);
    }

    /// <summary>The namespace a call is about: the one it names, else the key's own.</summary>
    /// <returns>Null where the key may not touch the named one.</returns>
    public static string? Resolve(HttpContext context, string? named)
    {
        var key = context.ApiKey();
        var @namespace = named ?? (key.HasEveryNamespace ? DefaultNamespace : key.Namespace);
        return key.Allows(@namespace) ? @namespace : null;
    }

    public static ProblemHttpResult ForbiddenNamespace() =>
        Problems.Forbidden("The API key belongs to another namespace. Use a key of the namespace the call names; repeating the call changes nothing.");

    private static RunnerEntry NotFound => new RunnerEntry.Refused(Problems.NotFound());

    private static RunnerEntry Judge(HttpContext context, WorkflowActivity? activity) =>
        activity is not null && context.ApiKey().Allows(activity.Reference.Namespace)
            ? new RunnerEntry.Granted(activity)
            : NotFound;
}
