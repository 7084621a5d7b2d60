using System.Text.RegularExpressions;
using Gateway.Activities;

namespace Gateway.Resumption.Pull;

/// <summary>Pull queues.</summary>
internal sealed partial class PullTargetRules : IResumeTargetRules
{
    public const string DefaultQueue = "default";
    public const string QueueRule = "must be 1 to 128 letters, digits, '.', '_', ':' or '-'";

    public ResumeKind Kind => ResumeKind.Pull;

    public IEnumerable<(string Field, string Message)> Check(ResumeRequest request)
    {
        if (request.Queue is { } queue && !QueueName().IsMatch(queue))
        {
            yield return ("queue", QueueRule);
        }

        foreach (var foreign in ResumeFields.Foreign(request, Kind))
        {
            yield return foreign;
        }
    }

    public ResumeTarget ToTarget(ResumeRequest request) => new(ResumeKind.Pull, request.Queue ?? DefaultQueue);

    [GeneratedRegex("^[A-Za-z0-9._:-]{1,128}\\z")]
    public static partial Regex QueueName();
}
