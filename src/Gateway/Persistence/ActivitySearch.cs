using System.Data.Common;
using Gateway.Activities;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Persistence;

/// <summary>What to list; null means any.</summary>
/// <param name="Labels">All of them must be there.</param>
/// <param name="Before">Keyset cursor: only activities with a smaller id.</param>
internal sealed record ActivityQuery(
    string? Namespace,
    ActivityState? State,
    string? WorkflowId,
    string? ActivityType,
    IReadOnlyList<KeyValuePair<string, string>> Labels,
    DateTimeOffset? CreatedAfter,
    DateTimeOffset? CreatedBefore,
    ActivityId? Before);

/// <summary>An activity's row with its outcome's, where it has one.</summary>
internal sealed record FoundActivity(ActivityRow Activity, OutcomeHead? Outcome);

/// <summary>An outcome without its body.</summary>
internal sealed record OutcomeHead(int State, long ClosedAt, int ClosedBy);

/// <summary>An outbox entry with what its activity is.</summary>
internal sealed record FoundDelivery(OutboxRow Entry, ActivityRow Activity, int State, long ClosedAt);

/// <summary>Lists and searches, on read-only connections. A page is found by keyset: it costs the same however deep it lies.</summary>
internal sealed class ActivitySearch(Func<GatewayDbContext> open)
{
    private static readonly byte[] PastEveryId = [0xFF, .. new byte[ActivityId.Size]];

    /// <summary>Activities, newest first.</summary>
    public Task<IReadOnlyList<FoundActivity>> FindAsync(ActivityQuery query, int limit, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<FoundActivity>>(async context => await Find(context, query, limit).ToListAsync(cancellationToken));

    /// <summary>Outbox entries of push kinds, the latest committed first.</summary>
    /// <param name="before">Keyset cursor: only entries with a smaller sequence.</param>
    public Task<IReadOnlyList<FoundDelivery>> FindDeliveriesAsync(
        DeliveryQuery query, long? before, int limit, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<FoundDelivery>>(async context => await Find(context, query, before, limit).ToListAsync(cancellationToken));

    /// <summary>An activity's outbox entry and the attempts at it; null while it is pending.</summary>
    public Task<(OutboxRow Entry, IReadOnlyList<AttemptRow> Attempts)?> FindDeliveryAsync(ActivityId id, CancellationToken cancellationToken) =>
        ReadAsync<(OutboxRow, IReadOnlyList<AttemptRow>)?>(async context =>
        {
            var key = id.ToBytes();
            var sequence = await context.Outcomes.Where(outcome => outcome.ActivityId == key)
                .Select(outcome => (long?)outcome.Sequence).SingleOrDefaultAsync(cancellationToken);
            if (sequence is null || await context.Outbox.FindAsync([sequence.Value], cancellationToken) is not { } entry)
            {
                return null;
            }

            var attempts = await context.Attempts.Where(attempt => attempt.Sequence == sequence)
                .OrderBy(attempt => attempt.Number).ToListAsync(cancellationToken);
            return (entry, attempts);
        });

    public Task<IReadOnlyList<HistoryRow>> FindHistoryAsync(ActivityId id, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<HistoryRow>>(async context =>
        {
            var key = id.ToBytes();
            return await context.History.Where(row => row.ActivityId == key).OrderBy(row => row.At).ToListAsync(cancellationToken);
        });

    /// <exception cref="StorageException">The database failed; Entity Framework puts a word of its own around some failures.</exception>
    private async Task<T> ReadAsync<T>(Func<GatewayDbContext, Task<T>> read)
    {
        try
        {
            await using var context = open();
            return await read(context);
        }
        catch (Exception exception) when (exception is DbException || exception.InnerException is DbException)
        {
            throw new StorageException("The storage could not be searched.", exception);
        }
    }

    private static IQueryable<FoundActivity> Find(GatewayDbContext context, ActivityQuery query, int limit)
    {
        var rows = Narrow(context, query);
        var found =
            from activity in rows
            join outcome in context.Outcomes on activity.Id equals outcome.ActivityId into outcomes
            from outcome in outcomes.DefaultIfEmpty()
            select new { activity, outcome };
        found = query.State switch
        {
            null => found,
            ActivityState.Pending => found.Where(row => row.outcome == null),
            { } state => found.Where(row => row.outcome!.State == (int)state),
        };
        return found.OrderByDescending(row => row.activity.Id).Take(limit)
            .Select(row => new FoundActivity(
                row.activity,
                row.outcome == null ? null : new OutcomeHead(row.outcome.State, row.outcome.ClosedAt, row.outcome.ClosedBy)));
    }

    private static IQueryable<FoundDelivery> Find(GatewayDbContext context, DeliveryQuery query, long? before, int limit)
    {
        var entries = context.Outbox.Where(entry => entry.Kind != (int)ResumeKind.Pull);
        entries = before is { } cursor ? entries.Where(entry => entry.Sequence < cursor) : entries;
        entries = query.Status is { } status ? entries.Where(entry => entry.Status == (int)status) : entries;
        entries = query.Kind is { } kind ? entries.Where(entry => entry.Kind == (int)kind) : entries;
        var found =
            from entry in entries
            join activity in context.Activities on entry.ActivityId equals activity.Id
            join outcome in context.Outcomes on entry.ActivityId equals outcome.ActivityId
            select new { entry, activity, outcome };
        found = query.Namespace is { } @namespace ? found.Where(row => row.activity.Namespace == @namespace) : found;
        found = query.WorkflowId is { } workflowId ? found.Where(row => row.activity.WorkflowId == workflowId) : found;
        return found.OrderByDescending(row => row.entry.Sequence).Take(limit)
            .Select(row => new FoundDelivery(row.entry, row.activity, row.outcome.State, row.outcome.ClosedAt));
    }

    private static IQueryable<ActivityRow> Narrow(GatewayDbContext context, ActivityQuery query)
    {
        var below = query.Before?.ToBytes() ?? PastEveryId;
        if (query.CreatedBefore is { } created && ActivityId.Floor(created).ToBytes() is var ceiling
            && ceiling.AsSpan().SequenceCompareTo(below) < 0)
        {
            below = ceiling;
        }

        // The comparison of keys has no LINQ form; the rest composes over it.
        var from = query.CreatedAfter is { } after ? ActivityId.Floor(after).ToBytes() : [];
        var rows = context.Activities.FromSql($"SELECT * FROM activities WHERE id < {below} AND id >= {from}");
        rows = query.Namespace is { } @namespace ? rows.Where(row => row.Namespace == @namespace) : rows;
        rows = query.WorkflowId is { } workflowId ? context.OfWorkflow(rows, workflowId) : rows;
        rows = query.ActivityType is { } type ? rows.Where(row => row.ActivityType == type) : rows;
        foreach (var (key, value) in query.Labels)
        {
            var hash = LabelHash.Of(key, value);
            rows = rows.Where(row => context.Labels.Any(label => label.Hash == hash && label.ActivityId == row.Id));
        }

        return rows;
    }
}

/// <summary>Which push deliveries; null means any.</summary>
internal sealed record DeliveryQuery(string? Namespace, EntryStatus? Status, ResumeKind? Kind, string? WorkflowId);
