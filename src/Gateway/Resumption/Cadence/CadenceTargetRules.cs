using Gateway.Activities;
using Gateway.Resumption.Connections;

namespace Gateway.Resumption.Cadence;

/// <summary>What a registration that resumes by Cadence must say.</summary>
internal sealed class CadenceTargetRules(ConnectionRegistry connections) : IResumeTargetRules
{
    public ResumeKind Kind => ResumeKind.Cadence;

    public IEnumerable<(string Field, string Message)> Check(ResumeRequest request)
    {
        if (connections.Mistake(Kind, request.Connection) is { } mistake)
        {
            yield return ("connection", mistake);
        }

        var domainId = (connections.Find(Kind, request.Connection ?? "")?.Options as CadenceOptions)?.DomainId;
        foreach (var wrong in EngineIds.Check(request, text => CadenceTarget.Mistake(text, domainId)))
        {
            yield return wrong;
        }

        if (request.Domain is { Length: 0 or > 1000 })
        {
            yield return ("domain", "must be 1 to 1000 characters");
        }

        if (request is { Domain: not null, TaskToken: not null })
        {
            yield return ("domain", "must be left out: the task token says it");
        }

        if (request.FailureReason is { } reason && !CadenceTarget.IsReason(reason))
        {
            yield return ("failureReason", CadenceTarget.ReasonRule);
        }

        foreach (var foreign in ResumeFields.Foreign(request, Kind))
        {
            yield return foreign;
        }
    }

    public ResumeTarget ToTarget(ResumeRequest request) => new CadenceTarget(
        request.Domain,
        request.TaskToken is { } token ? TokenText.Decode(token) : null,
        request.WorkflowId,
        string.IsNullOrEmpty(request.RunId) ? null : request.RunId,
        request.ActivityId,
        request.FailureReason).On(request.Connection!);
}
