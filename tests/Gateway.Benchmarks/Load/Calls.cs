using System.Collections.Concurrent;
using System.Diagnostics;

namespace Gateway.Benchmarks.Load;

/// <summary>The calls of one round, which all drivers take from and report to.</summary>
/// <param name="rate">Calls a second, each due at its own time; null: each is due as soon as a connection is free.</param>
internal sealed class Calls(IReadOnlyList<byte[]> requests, int? rate)
{
    private readonly TimeSpan[] latencies = new TimeSpan[requests.Count];
    private readonly ConcurrentDictionary<int, int> errors = new();
    private readonly Stopwatch watch = Stopwatch.StartNew();
    private int next;

    /// <summary>Since the round began.</summary>
    public TimeSpan Elapsed => watch.Elapsed;

    public bool AreAllTaken => Volatile.Read(ref next) >= requests.Count;

    /// <summary>Until the next call is due; zero where it waits for a connection.</summary>
    public TimeSpan UntilNext => Due(Volatile.Read(ref next)) - watch.Elapsed is { Ticks: > 0 } left ? left : TimeSpan.Zero;

    /// <summary>Takes the next call if it is due.</summary>
    public bool TryTake(out Call call)
    {
        while (true)
        {
            var index = Volatile.Read(ref next);
            var now = watch.Elapsed;
            var due = rate is null ? now : Due(index);
            if (index >= requests.Count || due > now)
            {
                call = default;
                return false;
            }

            if (Interlocked.CompareExchange(ref next, index + 1, index) == index)
            {
                call = new Call(index, due, requests[index]);
                return true;
            }
        }
    }

    public void Answered(Call call, int status)
    {
        latencies[call.Index] = watch.Elapsed - call.Due;
        if (status != 200)
        {
            errors.AddOrUpdate(status, 1, static (_, count) => count + 1);
        }
    }

    /// <param name="took">Until everything was answered.</param>
    public RoundResult ToResult(TimeSpan took, TimeSpan serverCpu, TimeSpan generatorCpu)
    {
        Array.Sort(latencies);
        return new RoundResult(took.TotalSeconds, latencies, errors, serverCpu, generatorCpu);
    }

    private TimeSpan Due(int index) => rate is { } perSecond ? TimeSpan.FromSeconds((double)index / perSecond) : TimeSpan.Zero;
}

/// <param name="Due">From the start of the round.</param>
internal readonly record struct Call(int Index, TimeSpan Due, byte[] Request);
