using Gateway.Activities;
using Gateway.Resumption.Connections;

namespace Gateway.Resumption.Restate;

/// <summary>One Restate server: awakeables are resolved or rejected; there are no heartbeats.</summary>
internal sealed class RestateEngine(RestateHttp http, RestateOptions options) : IEngine
{
    public int? LargestBody => null;

    public async Task<EngineAnswer> ResumeAsync(ClosedActivity outcome, string? target, CancellationToken cancellationToken)
    {
        var report = EngineReport.Of(outcome);
        if (report is EngineReport.Nothing nothing)
        {
            return new EngineAnswer.Done(nothing.Why);
        }

        var (verb, content) = RestateMessages.Of(report, options.RejectionText);
        return RestateAnswers.Judge(await http.CompleteAsync(RestateTarget.Read(target!).AwakeableId, verb, content, cancellationToken));
    }

    public bool TakesHeartbeats => false;

    public Task<EngineAnswer> HeartbeatAsync(
        ActivityId id, string? target, ReadOnlyMemory<byte>? details, CancellationToken cancellationToken) => throw new NotSupportedException();

    public async Task<EngineAnswer> ProbeAsync(CancellationToken cancellationToken) =>
        RestateAnswers.Judge(await http.HealthAsync(cancellationToken));

    public void Dispose() => http.Dispose();
}
