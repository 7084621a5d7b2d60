using System.Runtime.InteropServices;
using Gateway.Activities;

namespace Gateway.Resumption;

/// <summary>One line of entries to one target.</summary>
internal readonly record struct LaneKey(ResumeKind Kind, string Lane)
{
    /// <summary>
    /// What hangs together when it hangs: scheme, host and port of a URL, else the lane itself. Cut out, not parsed, because
    /// a pass asks it of every lane.
    /// </summary>
    public string Host
    {
        get
        {
            var start = Lane.IndexOf("://", StringComparison.Ordinal);
            var end = start < 0 ? -1 : Lane.IndexOf('/', start + 3);
            return end < 0 ? Lane : Lane[..end];
        }
    }
}

/// <summary>
/// The places of attempts under way: so many in all, per host and per lane. A lane starts with one place, gains one with every
/// delivery and falls back to one with every failure, so that a target which hangs holds a single place, and few hanging
/// ones never hold them all.
/// </summary>
internal sealed class AttemptPlaces(int total, int perHost)
{
    private readonly Lock gate = new();
    private readonly Dictionary<LaneKey, LaneState> lanes = [];
    private readonly Dictionary<string, int> hosts = [];
    private TaskCompletionSource idle = Completed();
    private int taken;

    public int Taken
    {
        get
        {
            lock (gate)
            {
                return taken;
            }
        }
    }

    /// <summary>Attempts under way in a lane.</summary>
    public int TakenBy(LaneKey lane)
    {
        lock (gate)
        {
            return lanes.TryGetValue(lane, out var state) ? state.Taken : 0;
        }
    }

    /// <summary>Takes what the lane may have now, at most <paramref name="laneLimit"/> together with what it holds; how many it got.</summary>
    public int Take(LaneKey lane, int laneLimit)
    {
        lock (gate)
        {
            var state = lanes.GetValueOrDefault(lane);
            var host = lane.Host;
            var free = Math.Min(
                Math.Min(laneLimit, 1 + state.Streak) - state.Taken,
                Math.Min(perHost - hosts.GetValueOrDefault(host), total - taken));
            if (free <= 0)
            {
                return 0;
            }

            if (taken == 0)
            {
                idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            taken += free;
            lanes[lane] = state with { Taken = state.Taken + free };
            CollectionsMarshal.GetValueRefOrAddDefault(hosts, host, out _) += free;
            return free;
        }
    }

    /// <summary>Gives places back that were not used.</summary>
    public void Return(LaneKey lane, int count) => Give(lane, count, static streak => streak);

    /// <summary>Gives the place of an attempt back.</summary>
    public void Finish(LaneKey lane, bool delivered) =>
        Give(lane, 1, delivered ? static streak => streak + 1 : static _ => 0);

    /// <summary>Completes when no attempt is under way.</summary>
    public Task WhenIdle()
    {
        lock (gate)
        {
            return idle.Task;
        }
    }

    /// <summary>
    /// Forgets the streaks of idle lanes of a kind, except <paramref name="due"/> ones: a URL may be used once and never again.
    /// </summary>
    public void Forget(ResumeKind kind, IReadOnlySet<LaneKey> due)
    {
        lock (gate)
        {
            foreach (var (lane, state) in lanes)
            {
                if (state.Taken == 0 && lane.Kind == kind && !due.Contains(lane))
                {
                    lanes.Remove(lane);
                }
            }
        }
    }

    private void Give(LaneKey lane, int count, Func<int, int> streak)
    {
        if (count == 0)
        {
            return;
        }

        lock (gate)
        {
            var state = lanes[lane];
            state = new LaneState(state.Taken - count, streak(state.Streak));
            var host = lane.Host;
            if (state == default)
            {
                lanes.Remove(lane);
            }
            else
            {
                lanes[lane] = state;
            }

            if ((CollectionsMarshal.GetValueRefOrAddDefault(hosts, host, out _) -= count) == 0)
            {
                hosts.Remove(host);
            }

            taken -= count;
            if (taken == 0)
            {
                idle.SetResult();
            }
        }
    }

    private static TaskCompletionSource Completed()
    {
        var source = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        source.SetResult();
        return source;
    }

    /// <param name="Taken">Attempts under way.</param>
    /// <param name="Streak">Deliveries since the last failure or since the lane was forgotten.</param>
    private readonly record struct LaneState(int Taken, int Streak);
}
