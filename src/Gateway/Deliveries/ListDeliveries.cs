using System.Globalization;
using Gateway.Activities;
using Gateway.Persistence;

namespace Gateway.Deliveries;

/// <summary>Lists push deliveries, the latest closed first.</summary>
internal sealed class ListDeliveries(ActivitySearch search)
{
    public const int MaxLimit = 500;
    public const int DefaultLimit = 50;

    public async Task<DeliveryList> ExecuteAsync(DeliveryQuery query, long? cursor, int limit, CancellationToken cancellationToken)
    {
        var rows = await search.FindDeliveriesAsync(query, cursor, limit + 1, cancellationToken);
        var next = rows.Count > limit ? rows[limit - 1].Entry.Sequence.ToString(CultureInfo.InvariantCulture) : null;
        return new DeliveryList([.. rows.Take(limit).Select(Summarize)], next);
    }

    private static DeliverySummary Summarize(FoundDelivery found)
    {
        var (entry, activity) = (found.Entry, found.Activity);
        var target = new ResumeTarget((ResumeKind)activity.ResumeKind, activity.ResumeAddress);
        return new DeliverySummary(
            ActivityId.Read(entry.ActivityId).ToString(),
            activity.Namespace,
            activity.WorkflowId,
            activity.ActivityId,
            ((ActivityState)found.State).Wire(),
            Clock.FromMicroseconds(found.ClosedAt),
            target.Kind.Wire(),
            target.PublicAddress,
            ((EntryStatus)entry.Status).Wire(),
            entry.Attempts,
            entry.DueAt is { } due ? Clock.FromMicroseconds(due) : null,
            entry.SettledAt is { } settled ? Clock.FromMicroseconds(settled) : null,
            entry.LastAnswer);
    }
}
