using Gateway.Activities;
using Gateway.Resumption.Connections;

namespace Gateway.Resumption.Temporal;

/// <summary>One Temporal server.</summary>
internal sealed class TemporalEngine(ITemporalTransport transport, TemporalOptions options) : IEngine
{
    private readonly TemporalMessages messages = new(options);

    /// <summary>The server measures payloads with their metadata; what that adds is measured once, on a payload as large as the limit.</summary>
    public int? LargestBody { get; } = Largest(options);

    public async Task<EngineAnswer> ResumeAsync(ClosedActivity outcome, string? target, CancellationToken cancellationToken)
    {
        var (id, to) = (outcome.Id, TemporalTarget.Read(target!));
        if (outcome.Body.Length > LargestBody)
        {
            return new EngineAnswer.Refused($"larger than the connection's BlobLimitBytes: the server would answer success and fail the activity");
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
        BeatAsync(id, TemporalTarget.Read(target!), details, cancellationToken);

    public async Task<EngineAnswer> ProbeAsync(CancellationToken cancellationToken) =>
        TemporalAnswers.Judge(await transport.ProbeAsync(cancellationToken));

    public void Dispose() => transport.Dispose();

    /// <summary>
    /// The server takes a cancellation only where the workflow asked for one, and says so to heartbeats only: that is asked first,
    /// so that the answer does not depend on what this gateway remembers.
    /// </summary>
    private async Task<EngineAnswer> CancelAsync(
        ActivityId id, TemporalTarget target, EngineReport.Canceled canceled, CancellationToken cancellationToken)
    {
        var beat = await BeatAsync(id, target, canceled.Details, cancellationToken);
        if (beat is not EngineAnswer.Done { CancelRequested: var asked })
        {
            return beat;
        }

        if (asked)
        {
            var reply = await transport.CallAsync(messages.Cancel(id, target, canceled.Details), cancellationToken);
            if (!TemporalAnswers.IsCancelNotAsked(reply))
            {
                return TemporalAnswers.Judge(reply);
            }
        }

        return await AskAsync(messages.Fail(id, target, canceled.AsFailure()), cancellationToken);
    }

    private async Task<EngineAnswer> BeatAsync(
        ActivityId id, TemporalTarget target, ReadOnlyMemory<byte>? details, CancellationToken cancellationToken)
    {
        var reply = await transport.CallAsync(messages.Heartbeat(id, target, details), cancellationToken);
        return TemporalAnswers.Judge(reply) is EngineAnswer.Done done
            ? done with { CancelRequested = transport.IsCancelRequested(reply) }
            : TemporalAnswers.Judge(reply);
    }

    private async Task<EngineAnswer> AskAsync(TemporalMessage message, CancellationToken cancellationToken) =>
        TemporalAnswers.Judge(await transport.CallAsync(message, cancellationToken));

    private static int Largest(TemporalOptions options)
    {
        var body = new byte[options.BlobLimitBytes];
        body[0] = (byte)'1';
        return options.BlobLimitBytes - (new TemporalMessages(options).Payloads(body).CalculateSize() - body.Length);
    }
}
