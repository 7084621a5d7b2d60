using Gateway.Activities;
using Gateway.Resumption.Connections;

namespace Gateway.Resumption.Temporal;

/// <summary>What a registration that resumes by Temporal must say.</summary>
internal sealed class TemporalTargetRules(ConnectionRegistry connections) : IResumeTargetRules
{
    public ResumeKind Kind => ResumeKind.Temporal;

    public IEnumerable<(string Field, string Message)> Check(ResumeRequest request)
    {
        if (connections.Mistake(Kind, request.Connection) is { } mistake)
        {
            yield return ("connection", mistake);
        }

        foreach (var wrong in EngineIds.Check(request, text => TemporalTarget.ReadToken(text) is null
            ? "must be the base64 text of a Temporal task token" : null))
        {
            yield return wrong;
        }

        if (request.Namespace is { Length: 0 or > 1000 })
        {
            yield return ("namespace", "must be 1 to 1000 characters");
        }

        if (request.ActivityId?.Contains('/', StringComparison.Ordinal) == true
            && connections.Find(Kind, request.Connection ?? "")?.Options is TemporalOptions { Transport: TemporalTransport.Http, Routes: not TemporalRoutes.Legacy })
        {
            yield return ("activityId", "must not hold '/': Temporal's HTTP API cannot address it; use a task token, or a connection over gRPC");
        }

        foreach (var foreign in ResumeFields.Foreign(request, Kind))
        {
            yield return foreign;
        }
    }

    public ResumeTarget ToTarget(ResumeRequest request) => new TemporalTarget(
        request.Namespace,
        request.TaskToken is { } token ? TemporalTarget.ReadToken(token) : null,
        request.WorkflowId,
        string.IsNullOrEmpty(request.RunId) ? null : request.RunId,
        request.ActivityId).On(request.Connection!);
}
