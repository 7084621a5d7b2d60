using Gateway.Activities;
using Gateway.Persistence;

namespace Gateway.Registration;

/// <summary>What a request to cancel came to.</summary>
internal abstract record CancelRequested
{
    private CancelRequested() { }

    /// <summary>The outside is asked to stop, by this call or by an earlier one.</summary>
    public sealed record Asked : CancelRequested;

    /// <summary>Closed by this call, or by an earlier cancellation.</summary>
    public sealed record Canceled : CancelRequested;

    /// <summary>The activity ended otherwise.</summary>
    public sealed record Closed(Closing Closing) : CancelRequested;

    public sealed record Purged : CancelRequested;
}

/// <summary>Asks the outside to stop, or closes at once without waiting for it.</summary>
internal sealed class CancelActivity(IActivityStore store, TimeProvider time)
{
    public async Task<CancelRequested> AskAsync(WorkflowActivity activity, string? reason)
    {
        if (activity.Closing is { } closing)
        {
            return new CancelRequested.Closed(closing);
        }

        if (activity.CancelRequestedAt is not null
            || await store.RequestCancelAsync(activity.Id, reason, time.Now()) is Guarded.Done)
        {
            return new CancelRequested.Asked();
        }

        return await store.FindAsync(activity.Id) switch
        {
            null => new CancelRequested.Purged(),
            { Closing: { } closed } => new CancelRequested.Closed(closed),
            _ => new CancelRequested.Asked(),
        };
    }

    /// <summary>Closes as canceled by the runner; an activity that is canceled already stays as it was.</summary>
    public async Task<CancelRequested> ForceAsync(WorkflowActivity activity, string? reason)
    {
        var outcome = new Outcome.Canceled(default, OutcomeDigest.Of([]), reason ?? activity.CancelReason);
        var current = activity;

        // Whoever loses the race finds a closed activity, and a closed one decides at once.
        while (true)
        {
            switch (current.Close(outcome, ClosedBy.Runner, time.Now()))
            {
                case Transition.Applied applied when await store.CloseAsync(current, applied) is Guarded.Done:
                case Transition.Gone { Closing.State: ActivityState.Canceled }:
                case Transition.Repeated:
                    return new CancelRequested.Canceled();
                case Transition.Gone gone:
                    return new CancelRequested.Closed(gone.Closing);
                case Transition.Conflicting conflicting:
                    return new CancelRequested.Closed(conflicting.Closing);
                case Transition.Overdue:
                    await store.ExpireAsync(current.Id, time.Now());
                    break;
            }

            if (await store.FindAsync(activity.Id) is not { } reloaded)
            {
                return new CancelRequested.Purged();
            }

            current = reloaded;
        }
    }
}
