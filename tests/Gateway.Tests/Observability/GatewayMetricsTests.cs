using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Gateway.Observability;
using Gateway.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.Observability;

public sealed class GatewayMetricsTests
{
    [Fact]
    public async Task Every_error_answer_is_counted_by_its_code()
    {
        await using var host = await EdgeHost.StartAsync();
        using var readings = new Readings(host.Services.GetRequiredService<GatewayMetrics>());
        using var first = await host.Client.GetAsync("/nowhere");
        using var second = await host.Client.PostAsync("/health/live", null);
        Assert.Equal(["gateway.problems 1 code=not-found", "gateway.problems 1 code=method-not-allowed"], readings.All);
    }

    [Fact]
    public void A_long_poll_is_counted_while_it_waits()
    {
        using var metrics = new GatewayMetrics();
        using var readings = new Readings(metrics);
        var wait = metrics.Waiting();
        wait.Dispose();
        wait.Dispose();
        Assert.Equal(["gateway.waiters 1 ", "gateway.waiters -1 "], readings.All);
    }

    [Fact]
    public void What_is_counted_carries_words_and_no_ids()
    {
        using var metrics = new GatewayMetrics();
        using var readings = new Readings(metrics);
        metrics.Closed("completed", "token");
        metrics.Committed(17);
        metrics.Delivered("webhook", "retry");
        Assert.Equal(
            ["gateway.completions 1 state=completed,closed_by=token", "gateway.commit.batch 17 ", "gateway.deliveries 1 kind=webhook,result=retry"],
            readings.All);
    }

    /// <summary>What one set of metrics measures; other tests have meters of their own.</summary>
    private sealed class Readings : IDisposable
    {
        private readonly ConcurrentQueue<string> all = new();
        private readonly MeterListener listener = new();

        public Readings(GatewayMetrics metrics)
        {
            listener.InstrumentPublished = (instrument, to) =>
            {
                if (metrics.Owns(instrument))
                {
                    to.EnableMeasurementEvents(instrument);
                }
            };
            listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
            listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(instrument, value, tags));
            listener.Start();
        }

        public IEnumerable<string> All => all;

        public void Dispose() => listener.Dispose();

        private void Add(Instrument instrument, long value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
            all.Enqueue($"{instrument.Name} {value} {string.Join(",", tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"))}");
    }
}
