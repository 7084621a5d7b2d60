using Gateway.Activities;
using Gateway.Persistence;

namespace Gateway.Resumption.Pull;

/// <summary>One leased outcome with its document.</summary>
internal sealed record PulledOutcome(ResumptionEntry Entry, ClosedActivity Outcome);

/// <summary>Leases outcomes of pull queues, waiting for the first where there is none.</summary>
internal sealed class PullQueue(IOutboxStore outbox, OutboxSignal signal, TimeProvider time)
{
    /// <summary>The safety net under the signals.</summary>
    private static readonly TimeSpan LongestNap = TimeSpan.FromSeconds(1);

    /// <param name="ending">The gateway is stopping: the wait ends early with what it would answer at its end.</param>
    public async Task<IReadOnlyList<PulledOutcome>> LeaseAsync(
        string lane, int max, TimeSpan wait, TimeSpan lease, CancellationToken ending)
    {
        var end = time.GetUtcNow() + wait;

        // Whoever has gone must not take a lease along: nobody would work on it until it expires.
        while (!ending.IsCancellationRequested)
        {
            using var place = signal.Enter(lane);
            var due = await outbox.NextDueAsync(ResumeKind.Pull, lane, CancellationToken.None);
            var now = time.Now();
            if (due <= now)
            {
                var entries = await outbox.LeaseAsync(ResumeKind.Pull, lane, max, now, lease);
                if (entries.Count > 0)
                {
                    return await LoadAsync(entries);
                }
            }

            var left = end - time.GetUtcNow();
            if (left <= TimeSpan.Zero)
            {
                break;
            }

            await NapAsync(place, left, due > now ? due.Value - now : LongestNap, ending);
        }

        return [];
    }

    private static async Task NapAsync(OutboxSignal.LaneWaiter place, TimeSpan left, TimeSpan untilDue, CancellationToken ending)
    {
        var nap = TimeSpan.FromTicks(Math.Min(left.Ticks, Math.Min(untilDue.Ticks, LongestNap.Ticks)));
        try
        {
            await place.WaitAsync(nap, ending);
        }
        catch (OperationCanceledException)
        {
            // Stopping, or the caller has gone: the next look answers.
        }
    }

    private async Task<IReadOnlyList<PulledOutcome>> LoadAsync(IReadOnlyList<ResumptionEntry> entries)
    {
        // All are asked for before the first is waited for: a store behind a wire answers them together.
        var found = await Task.WhenAll(entries.Select(entry => outbox.LoadAsync(entry.ActivityId).AsTask()));
        var outcomes = new List<PulledOutcome>(entries.Count);
        foreach (var (entry, loaded) in entries.Zip(found))
        {
            if (loaded is not null)
            {
                outcomes.Add(new PulledOutcome(entry, loaded.Outcome));
            }
        }

        return outcomes;
    }
}
