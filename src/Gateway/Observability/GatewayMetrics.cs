using System.Diagnostics.Metrics;

namespace Gateway.Observability;

/// <summary>What the gateway counts, under the meter <c>Gateway</c>. Tags are closed sets: no ids, no addresses, no tokens.</summary>
internal sealed class GatewayMetrics : IDisposable
{
    public const string MeterName = "Gateway";

    private readonly Meter meter = new(MeterName);
    private readonly Counter<long> completions;
    private readonly Counter<long> problems;
    private readonly Histogram<int> commitBatch;
    private readonly UpDownCounter<int> waiters;
    private readonly Counter<long> deliveries;

    public GatewayMetrics()
    {
        completions = meter.CreateCounter<long>("gateway.completions", "{activity}", "Activities closed, by state and by who closed them.");
        problems = meter.CreateCounter<long>("gateway.problems", "{answer}", "Error answers, by code.");
        commitBatch = meter.CreateHistogram<int>("gateway.commit.batch", "{change}", "Changes committed in one transaction.");
        waiters = meter.CreateUpDownCounter<int>("gateway.waiters", "{request}", "Long polls waiting for an outcome.");
        deliveries = meter.CreateCounter<long>("gateway.deliveries", "{attempt}", "Delivery attempts, by kind and result.");
    }

    /// <param name="state">The state's word, such as <c>completed</c>.</param>
    /// <param name="closedBy">The word of who closed it.</param>
    public void Closed(string state, string closedBy) =>
        completions.Add(1, new("state", state), new KeyValuePair<string, object?>("closed_by", closedBy));

    public void Problem(string? code) => problems.Add(1, new KeyValuePair<string, object?>("code", code ?? "other"));

    public void Committed(int changes) => commitBatch.Record(changes);

    /// <summary>One more long poll waits until the answer is disposed.</summary>
    public IDisposable Waiting()
    {
        waiters.Add(1);
        return new Wait(this);
    }

    /// <param name="kind">The resume kind's word.</param>
    /// <param name="result"><c>delivered</c>, <c>retry</c> or <c>rejected</c>.</param>
    public void Delivered(string kind, string result) =>
        deliveries.Add(1, new("kind", kind), new KeyValuePair<string, object?>("result", result));

    /// <summary>Whether an instrument is one of these; a process may hold several gateways.</summary>
    public bool Owns(Instrument instrument) => ReferenceEquals(instrument.Meter, meter);

    public void Dispose() => meter.Dispose();

    private sealed class Wait(GatewayMetrics metrics) : IDisposable
    {
        private bool over;

        public void Dispose()
        {
            if (!over)
            {
                over = true;
                metrics.waiters.Add(-1);
            }
        }
    }
}
