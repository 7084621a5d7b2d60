using Gateway.Activities;
using Gateway.Resumption.Connections;

namespace Gateway.Resumption.Cadence;

/// <summary>One Cadence frontend.</summary>
internal sealed class CadenceEngine(ICadenceTransport transport, CadenceOptions options) : IEngine
{
    private readonly CadenceMessages messages = new(options);

    /// <summary>The server measures the blob itself: JSON and its newline.</summary>
    public int? LargestBody => options.BlobLimitBytes - 1;

    public async Task<EngineAnswer> ResumeAsync(ClosedActivity outcome, string? target, CancellationToken cancellationToken)
    {
        var (id, to) = (outcome.Id, CadenceTarget.Read(target!));
        if (outcome.Body.Length > LargestBody)
        {
            return new EngineAnswer.Refused("larger than the connection's BlobLimitBytes: the server would answer success and fail the activity");
        }

        switch (EngineReport.Of(outcome))
        {
            case EngineReport.Completed completed:
                return await AskAsync(messages.Complete(id, to, completed.Result), cancellationToken);
            case EngineReport.Failed failed:
                return await AskAsync(messages.Fail(id, to, failed.Failure), cancellationToken);
            case EngineReport.Canceled canceled:
                return await CancelAsync(id, to, canceled, cancellationToken);
            case EngineReport.Nothing nothing:
                return new EngineAnswer.Done(nothing.Why);
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    public bool TakesHeartbeats => true;

    public Task<EngineAnswer> HeartbeatAsync(
        ActivityId id, string? target, ReadOnlyMemory<byte>? details, CancellationToken cancellationToken) =>
        BeatAsync(id, CadenceTarget.Read(target!), details, cancellationToken);

    public async Task<EngineAnswer> ProbeAsync(CancellationToken cancellationToken) =>
        CadenceAnswers.Judge(await transport.ProbeAsync(cancellationToken));

    public void Dispose() => transport.Dispose();

    /// <summary>As with Temporal: only heartbeats say whether the workflow asked, and only then a cancellation is taken.</summary>
    private async Task<EngineAnswer> CancelAsync(
        ActivityId id, CadenceTarget target, EngineReport.Canceled canceled, CancellationToken cancellationToken)
    {
        var beat = await BeatAsync(id, target, canceled.Details, cancellationToken);
        if (beat is not EngineAnswer.Done { CancelRequested: var asked })
        {
            return beat;
        }

        if (asked)
        {
            var reply = await transport.CallAsync(messages.Cancel(id, target, canceled.Details), cancellationToken);
            if (!CadenceAnswers.IsCancelNotAsked(reply))
            {
                return CadenceAnswers.Judge(reply);
            }
        }

        return await AskAsync(messages.Fail(id, target, canceled.AsFailure()), cancellationToken);
    }

    private async Task<EngineAnswer> BeatAsync(
        ActivityId id, CadenceTarget target, ReadOnlyMemory<byte>? details, CancellationToken cancellationToken)
    {
        var reply = await transport.CallAsync(messages.Heartbeat(id, target, details), cancellationToken);
        return CadenceAnswers.Judge(reply) is EngineAnswer.Done done
            ? done with { CancelRequested = transport.IsCancelRequested(reply) }
            : CadenceAnswers.Judge(reply);
    }

    private async Task<EngineAnswer> AskAsync(CadenceMessage message, CancellationToken cancellationToken) =>
        CadenceAnswers.Judge(await transport.CallAsync(message, cancellationToken));
}
