using Gateway.Activities;
using Gateway.Http.Bodies;
using Gateway.Persistence;

namespace Gateway.Registration;

/// <summary>Everything that is known of one activity, for its runner and for operators.</summary>
internal sealed class DescribeActivity(IActivityStore store, IOutboxStore outbox, ActivitySearch search)
{
    private const int MaxShownPayload = 64 * 1024;

    public async Task<ActivityView> ExecuteAsync(WorkflowActivity activity, CancellationToken cancellationToken)
    {
        var omitted = new Dictionary<string, long>();
        var delivery = await search.FindDeliveryAsync(activity.Id, cancellationToken);
        var rare = await search.FindHistoryAsync(activity.Id, cancellationToken);
        return new ActivityView(
            activity.Id.ToString(),
            activity.Reference.Namespace,
            activity.Reference.WorkflowId,
            activity.Reference.RunId,
            activity.Reference.ActivityId,
            activity.Reference.Attempt,
            activity.ActivityType,
            activity.State.Wire(),
            activity.CreatedAt,
            activity.Deadline,
            activity.CancelRequestedAt is not null,
            activity.Closing?.ClosedAt,
            activity.Closing?.ClosedBy.Wire(),
            activity.Labels,
            activity.Description,
            Shown("returnSchema", activity.SchemaId is { } id ? await store.SchemaTextAsync(id, cancellationToken) : null, omitted),
            activity.AssertFormat,
            (long?)activity.HeartbeatTimeout?.TotalSeconds,
            Shown("onTimeout", activity.OnTimeoutResult, omitted),
            new ResumeView(activity.Resume.Kind.Wire(), activity.Resume.PublicAddress),
            activity.Generation,
            activity.CancelReason,
            activity.LastHeartbeat,
            activity.HeartbeatDeadline,
            Shown("progress", await store.ProgressAsync(activity.Id, cancellationToken), omitted),
            await OutcomeAsync(activity, omitted, cancellationToken),
            History(activity, delivery?.Entry, rare),
            delivery is { } found ? View(found.Entry, found.Attempts) : null,
            omitted);
    }

    private async Task<RawJson?> OutcomeAsync(
        WorkflowActivity activity, Dictionary<string, long> omitted, CancellationToken cancellationToken)
    {
        if (activity.Closing is null || await outbox.LoadAsync(activity.Id, cancellationToken) is not { Outcome: var outcome })
        {
            return null;
        }

        if (outcome.Body.Length > MaxShownPayload)
        {
            omitted["outcome"] = outcome.Body.Length;
            outcome = outcome with { Body = default };
        }

        return new RawJson(outcome.ToUtf8());
    }

    private static RawJson? Shown(string name, ReadOnlyMemory<byte>? payload, Dictionary<string, long> omitted)
    {
        if (payload is { Length: > MaxShownPayload } large)
        {
            omitted[name] = large.Length;
            return null;
        }

        return RawJson.Of(payload);
    }

    private static List<HistoryEvent> History(WorkflowActivity activity, OutboxRow? entry, IReadOnlyList<HistoryRow> rare)
    {
        var events = new List<HistoryEvent> { new(activity.CreatedAt, "registered", null) };
        events.AddRange(rare.Select(row => new HistoryEvent(Clock.FromMicroseconds(row.At), row.Event, row.Note)));
        if (activity.LastHeartbeat is { } beat)
        {
            events.Add(new HistoryEvent(beat, "heartbeat", "the last one"));
        }

        if (activity.Closing is { } closing)
        {
            events.Add(new HistoryEvent(closing.ClosedAt, "closed", $"{closing.State.Wire()} by {closing.ClosedBy.Wire()}"));
        }

        if (entry is { SettledAt: { } settled })
        {
            var word = (EntryStatus)entry.Status is EntryStatus.Dead ? "dead" : "delivered";
            events.Add(new HistoryEvent(Clock.FromMicroseconds(settled), word, entry.LastAnswer));
        }

        return [.. events.OrderBy(happened => happened.At)];
    }

    private static DeliveryView View(OutboxRow entry, IReadOnlyList<AttemptRow> attempts) => new(
        ((EntryStatus)entry.Status).Wire(),
        entry.Attempts,
        entry.DueAt is { } due ? Clock.FromMicroseconds(due) : null,
        entry.SettledAt is { } settled ? Clock.FromMicroseconds(settled) : null,
        entry.LastAnswer,
        [.. attempts.Select((attempt, index) => new AttemptView(
            index + 1, Clock.FromMicroseconds(attempt.At), attempt.DurationMicroseconds / 1000.0, attempt.Answer))]);
}
