using System.Globalization;
using Gateway.Activities;

namespace Gateway.Resumption.Connections;

/// <summary>A configured engine under its name: bounds every call in time, turns faults into answers and remembers them.</summary>
internal sealed class Connection(
    string name, ResumeKind kind, ConnectionOptions options, IEngine engine, ConnectionState state, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim heartbeats = new(options.Concurrency);

    public string Name => name;

    public ResumeKind Kind => kind;

    public ConnectionOptions Options => options;

    public ConnectionState State => state;

    public int? LargestBody => engine.LargestBody;

    public Task<EngineAnswer> ResumeAsync(ClosedActivity outcome, string? target, CancellationToken cancellationToken) =>
        CallAsync(token => engine.ResumeAsync(outcome, target, token), cancellationToken);

    public Task<EngineAnswer> ProbeAsync(CancellationToken cancellationToken) => CallAsync(engine.ProbeAsync, cancellationToken);

    public bool TakesHeartbeats => engine.TakesHeartbeats;

    /// <summary>Null where the engine rests, or has as many under way as it may.</summary>
    public async Task<EngineAnswer?> HeartbeatAsync(
        ActivityId id, string? target, ReadOnlyMemory<byte>? details, CancellationToken cancellationToken)
    {
        if (state.RestsUntil > time.GetUtcNow() || !await heartbeats.WaitAsync(0, cancellationToken))
        {
            return null;
        }

        try
        {
            return await CallAsync(token => engine.HeartbeatAsync(id, target, details, token), cancellationToken);
        }
        finally
        {
            heartbeats.Release();
        }
    }

    public void Dispose()
    {
        heartbeats.Dispose();
        engine.Dispose();
    }

    private async Task<EngineAnswer> CallAsync(Func<CancellationToken, Task<EngineAnswer>> call, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(options.Timeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        EngineAnswer answer;
        try
        {
            answer = await call(linked.Token);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            answer = new EngineAnswer.Again(
                string.Create(CultureInfo.InvariantCulture, $"no answer within {options.TimeoutSeconds} s"), MayHaveArrived: true, Down: true);
        }
        catch (HttpRequestException exception)
        {
            answer = TransportFault.Of(exception);
        }
        catch (IOException)
        {
            answer = new EngineAnswer.Again("connection lost while reading the answer", MayHaveArrived: true, Down: true);
        }

        state.Record(answer);
        return answer;
    }
}
