using Gateway.Activities;

namespace Gateway.Resumption.Webhooks;

/// <summary>What a registration that resumes by webhook must say.</summary>
internal sealed class WebhookTargetRules : IResumeTargetRules
{
    public ResumeKind Kind => ResumeKind.Webhook;

    public IEnumerable<(string Field, string Message)> Check(ResumeRequest request)
    {
        foreach (var (field, message) in WebhookTarget.Validate(request.Url, request.Headers!))
        {
            yield return (field, message);
        }

        foreach (var foreign in ResumeFields.Foreign(request, Kind))
        {
            yield return foreign;
        }
    }

    public ResumeTarget ToTarget(ResumeRequest request) => WebhookTarget.Create(request.Url!, request.Headers!);
}
