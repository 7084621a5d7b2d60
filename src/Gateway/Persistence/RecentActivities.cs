using System.Collections.Concurrent;
using Gateway.Activities;

namespace Gateway.Persistence;

/// <summary>
/// What this process registered lately and did not touch since: most answers come soon, and then nobody has to read. It holds
/// nothing but committed pending activities, because they are put here after the commit and each is taken away before it is
/// changed. Who shares the database with other processes holds guesses, and has to guard what is built on them. For any thread.
/// </summary>
/// <param name="capacity">Activities it keeps; the oldest go first. About 800 bytes each, at most 3 KB.</param>
internal sealed class RecentActivities(int capacity)
{
    /// <summary>Characters of all its texts together; what has more is left to the database.</summary>
    private const int MostText = 1024;

    private readonly Lock gate = new();
    private readonly ConcurrentDictionary<ActivityId, WorkflowActivity> known = new();
    private readonly Queue<ActivityId> order = new();
    private readonly Dictionary<ActivityId, WorkflowActivity> uncommitted = [];

    /// <summary>Null where it has to be read.</summary>
    public WorkflowActivity? Find(ActivityId id) => known.GetValueOrDefault(id);

    /// <summary>Inserted by the transaction under way.</summary>
    /// <param name="labels">Length of its labels' stored form.</param>
    public void Stage(WorkflowActivity activity, int labels)
    {
        var (step, target) = (activity.Reference, activity.Resume);
        var text = labels + step.Namespace.Length + step.WorkflowId.Length + step.RunId.Length + step.ActivityId.Length
            + (activity.ActivityType?.Length ?? 0) + (activity.Description?.Length ?? 0) + target.Address.Length + (target.Options?.Length ?? 0);
        if (activity.OnTimeoutResult is null && text <= MostText)
        {
            lock (gate)
            {
                uncommitted.Add(activity.Id, activity);
            }
        }
    }

    /// <summary>About to be changed by the transaction under way: from here on it is read, whatever becomes of the change.</summary>
    public void Drop(ActivityId id)
    {
        lock (gate)
        {
            uncommitted.Remove(id);
        }

        known.TryRemove(id, out _);
    }

    /// <summary>The transaction was committed.</summary>
    public void Publish()
    {
        lock (gate)
        {
            foreach (var (id, activity) in uncommitted)
            {
                if (order.Count >= capacity)
                {
                    known.TryRemove(order.Dequeue(), out _);
                }

                known[id] = activity;
                order.Enqueue(id);
            }

            uncommitted.Clear();
        }
    }

    /// <summary>The transaction was not committed.</summary>
    public void Discard()
    {
        lock (gate)
        {
            uncommitted.Clear();
        }
    }
}
