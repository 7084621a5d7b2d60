using Gateway.Activities;

namespace Gateway.Persistence;

/// <summary>Told after a commit: an entry of this lane may be leased now.</summary>
/// <param name="Closed">The activity whose outcome it is; null where an older entry was put back.</param>
/// <param name="Closing">How it was closed; null with <paramref name="Closed"/>.</param>
internal readonly record struct CommitNotice(ResumeKind Kind, string Lane, ActivityId? Closed, Closing? Closing = null);

/// <summary>Who wants to know of commits.</summary>
internal interface ICommitListener
{
    /// <summary>The activities whose end it waits for: other nodes tell of these.</summary>
    IReadOnlyCollection<ActivityId> Awaited => [];

    /// <summary>After each commit, on the thread that commits: it may only complete what others await.</summary>
    void Committed(CommitNotice notice);
}
