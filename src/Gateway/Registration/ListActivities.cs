using Gateway.Activities;
using Gateway.Persistence;

namespace Gateway.Registration;

/// <summary>Lists activities, newest first.</summary>
internal sealed class ListActivities(ActivitySearch search)
{
    public const int MaxLimit = 500;
    public const int DefaultLimit = 50;

    public async Task<ActivityList> ExecuteAsync(ActivityQuery query, int limit, CancellationToken cancellationToken)
    {
        var rows = await search.FindAsync(query, limit + 1, cancellationToken);
        var page = rows.Take(limit).Select(Summarize).ToList();
        return new ActivityList(page, rows.Count > limit ? page[^1].Id : null);
    }

    private static ActivitySummary Summarize(FoundActivity found)
    {
        var row = found.Activity;
        return new ActivitySummary(
            ActivityId.Read(row.Id).ToString(),
            row.Namespace,
            row.WorkflowId,
            row.RunId,
            row.ActivityId,
            row.Attempt,
            row.ActivityType,
            ((ActivityState)(found.Outcome?.State ?? (int)ActivityState.Pending)).Wire(),
            Clock.FromMicroseconds(row.CreatedAt),
            Clock.FromMicroseconds(row.Deadline),
            row.CancelRequestedAt is not null,
            found.Outcome is { } outcome ? Clock.FromMicroseconds(outcome.ClosedAt) : null,
            (found.Outcome is { } end ? (ClosedBy?)end.ClosedBy : null)?.Wire(),
            StoredLabels.Of(row.Labels));
    }
}
