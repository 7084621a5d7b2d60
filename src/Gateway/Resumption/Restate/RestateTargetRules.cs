using Gateway.Activities;
using Gateway.Resumption.Connections;

namespace Gateway.Resumption.Restate;

/// <summary>What a registration that resumes by Restate must say.</summary>
internal sealed class RestateTargetRules(ConnectionRegistry connections) : IResumeTargetRules
{
    public ResumeKind Kind => ResumeKind.Restate;

    public IEnumerable<(string Field, string Message)> Check(ResumeRequest request)
    {
        if (connections.Mistake(Kind, request.Connection) is { } mistake)
        {
            yield return ("connection", mistake);
        }

        if (!RestateTarget.IsAwakeableId(request.AwakeableId))
        {
            yield return ("awakeableId", request.AwakeableId is null ? "is required" : RestateTarget.IdRule);
        }

        foreach (var foreign in ResumeFields.Foreign(request, Kind))
        {
            yield return foreign;
        }
    }

    public ResumeTarget ToTarget(ResumeRequest request) => new RestateTarget(request.AwakeableId!).On(request.Connection!);
}
