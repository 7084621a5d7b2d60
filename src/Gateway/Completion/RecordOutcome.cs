using Gateway.Activities;
using Gateway.Persistence;
using Gateway.Schemas;

namespace Gateway.Completion;

/// <summary>Completes, fails or cancels an activity: validate, decide, commit. Nothing is sent on this path.</summary>
internal sealed class RecordOutcome(IActivityStore store, ReturnSchemas schemas, TimeProvider time)
{
    /// <param name="activity">As it was just read (step 3 of the flow), or as it is remembered: then it is good for a success alone.</param>
    /// <param name="dryRun">Judge only; nothing is stored.</param>
    /// <param name="generation">Of the caller's token; null where none is needed.</param>
    public ValueTask<Recorded> ExecuteAsync(
        WorkflowActivity activity, Submission submission, ClosedBy by, bool dryRun = false, int? generation = null) =>
        activity.Remembered
            ? TryAsync(activity, submission, by, dryRun, generation)
            : DecideAsync(activity, submission, by, dryRun);

    /// <summary>A remembered activity as it stands in the database, or what its caller is told instead.</summary>
    public async ValueTask<(WorkflowActivity? Activity, Recorded? Instead)> StandingAsync(ActivityId id, int? generation) =>
        await store.FindAsync(id) switch
        {
            null => (null, new Recorded.Purged()),
            var found when generation < found.Generation => (null, new Recorded.Superseded()),
            var found => (found, null),
        };

    /// <summary>Closes the activity as it is remembered; whatever comes in its way, the memory is no proof of it.</summary>
    private async ValueTask<Recorded> TryAsync(WorkflowActivity activity, Submission submission, ClosedBy by, bool dryRun, int? generation)
    {
        if (!dryRun && await JudgeAsync(activity, submission) is null
            && activity.Close(submission.ToOutcome(activity.CancelReason), by, time.Now()) is Transition.Applied applied
            && await store.CloseAsync(activity, applied) is Guarded.Done)
        {
            return new Recorded.Accepted(applied.Closing, Duplicate: false);
        }

        var (found, instead) = await StandingAsync(activity.Id, generation);
        return instead ?? await DecideAsync(found!, submission, by, dryRun);
    }

    private async ValueTask<Recorded> DecideAsync(WorkflowActivity activity, Submission submission, ClosedBy by, bool dryRun)
    {
        // 4. Validate, with no connection held. A closed activity needs no judgement: whatever comes, it is too late.
        if (activity.Closing is null && await JudgeAsync(activity, submission) is { } refusal)
        {
            return refusal;
        }

        var outcome = submission.ToOutcome(activity.CancelReason);
        var current = activity;

        // Every turn but the last ends with an activity that somebody closed, and a closed one decides at once: the overdue
        // one is expired, the lost race reloaded, and the second look is final.
        while (true)
        {
            // 5. Transition.
            var transition = current.Close(outcome, by, time.Now());
            if (transition is not (Transition.Overdue or Transition.Applied))
            {
                return Answer(transition, dryRun);
            }

            if (dryRun && transition is Transition.Applied)
            {
                return new Recorded.Valid();
            }

            // 6. Commit.
            if (transition is Transition.Applied applied)
            {
                if (await store.CloseAsync(current, applied) is Guarded.Done)
                {
                    // 7. The commit loop has signalled; reply.
                    return new Recorded.Accepted(applied.Closing, Duplicate: false);
                }
            }
            else
            {
                await store.ExpireAsync(current.Id, time.Now());
            }

            if (await store.FindAsync(activity.Id) is not { } reloaded)
            {
                return new Recorded.Purged();
            }

            current = reloaded;
        }
    }

    private async ValueTask<Recorded?> JudgeAsync(WorkflowActivity activity, Submission submission)
    {
        // The position of a mistake is counted in what was received.
        var body = submission.Received.IsEmpty ? submission.Value : submission.Received;
        var judgement = submission.State is ActivityState.Completed
            ? await schemas.JudgeAsync(activity, body)
            : ReturnSchemas.JudgeJson(body.Span);
        return judgement switch
        {
            Judgement.Fits => null,
            Judgement.NotJson notJson => new Recorded.Malformed(notJson.Problem),
            Judgement.Unfit unfit => new Recorded.InvalidResult(unfit.Violations, unfit.Truncated),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private static Recorded Answer(Transition transition, bool dryRun) => transition switch
    {
        Transition.Repeated when dryRun => new Recorded.Valid(),
        Transition.Repeated repeated => new Recorded.Accepted(repeated.Closing, Duplicate: true),
        Transition.Conflicting conflicting => new Recorded.Closed(conflicting.Closing),
        Transition.Gone gone => new Recorded.Closed(gone.Closing),
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
