using Gateway.Activities;
using Gateway.JsonSchema;
using Gateway.Persistence;
using Gateway.Resumption.Connections;

namespace Gateway.Completion;

/// <summary>What a heartbeat came to.</summary>
internal abstract record HeartbeatRecorded
{
    private HeartbeatRecorded() { }

    public sealed record Accepted(WorkflowActivity Activity, DateTimeOffset? HeartbeatDeadline) : HeartbeatRecorded;

    public sealed record Malformed(JsonProblem Problem) : HeartbeatRecorded;

    public sealed record Closed(Closing Closing) : HeartbeatRecorded;

    public sealed record Purged : HeartbeatRecorded;
}

/// <summary>Takes a sign of life: stores the progress, moves the heartbeat deadline, says whether to stop.</summary>
internal sealed class RecordHeartbeat(IActivityStore store, HeartbeatForwarder forwarder, TimeProvider time)
{
    /// <param name="details">Progress, any JSON; empty keeps what was reported last.</param>
    public async Task<HeartbeatRecorded> ExecuteAsync(WorkflowActivity activity, ReadOnlyMemory<byte> details)
    {
        if (!details.IsEmpty && StrictJson.Check(details.Span) is { } problem)
        {
            return new HeartbeatRecorded.Malformed(problem);
        }

        // A bare null would become an empty memory here, not an absent one.
        var value = details.IsEmpty ? (ReadOnlyMemory<byte>?)null : new Submission(ActivityState.Pending, details).Value;
        var current = activity;

        // As with an outcome: whoever loses the race finds a closed activity, and a closed one answers at once.
        while (true)
        {
            switch (current.Heartbeat(time.Now()))
            {
                case HeartbeatTransition.Closed closed:
                    return new HeartbeatRecorded.Closed(closed.Closing);
                case HeartbeatTransition.Applied beat
                    when await store.HeartbeatAsync(current.Id, beat, value) is Guarded.Done:
                    switch (await forwarder.ForwardAsync(current, value))
                    {
                        case Forwarded.Nothing:
                            return new HeartbeatRecorded.Accepted(current, beat.HeartbeatDeadline);
                        case Forwarded.CancelRequested:
                            return new HeartbeatRecorded.Accepted(
                                current with { CancelRequestedAt = current.CancelRequestedAt ?? beat.At }, beat.HeartbeatDeadline);
                    }

                    // The engine waits for it no more: the activity is closed by now, and says so.
                    break;
                case HeartbeatTransition.Overdue:
                    await store.ExpireAsync(current.Id, time.Now());
                    break;
            }

            if (await store.FindAsync(activity.Id) is not { } reloaded)
            {
                return new HeartbeatRecorded.Purged();
            }

            current = reloaded;
        }
    }
}
