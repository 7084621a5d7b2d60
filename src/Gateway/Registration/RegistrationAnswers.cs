using Gateway.Activities;
using Gateway.Http;
using Gateway.Http.Errors;
using Gateway.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Registration;

/// <summary>The answers to registrations, alone or in a batch.</summary>
internal sealed class RegistrationAnswers(IssueToken issueToken, CallbackUrls urls)
{
    public RegisteredActivity Of(WorkflowActivity activity)
    {
        var token = issueToken.ForRegistration(activity);
        return new RegisteredActivity(
            activity.Id.ToString(),
            activity.State.Wire(),
            token,
            activity.CreatedAt,
            activity.Deadline,
            urls.For(token, Capabilities.All));
    }

    public BatchResult Item(Registered registered) => registered switch
    {
        Registered.Added added => new BatchResult(StatusCodes.Status201Created, Of(added.Activity)),
        Registered.Repeated repeated => new BatchResult(StatusCodes.Status200OK, Of(repeated.Activity)),
        _ => Item(Conflict(registered)),
    };

    public static BatchResult Item(ProblemHttpResult problem) => new(problem.StatusCode, Problem: problem.ProblemDetails);

    public static ProblemHttpResult Conflict(Registered registered) => registered switch
    {
        Registered.Different different => Problems.AlreadyRegistered(different.Existing),
        Registered.Outdated outdated => Problems.AttemptOutdated(outdated.Newer, outdated.NewerAttempt),
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
