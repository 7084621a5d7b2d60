using Gateway.Activities;

namespace Gateway.Persistence;

/// <summary>Told after a commit: an entry of this lane may be leased now.</summary>
/// <param name="Closed">The activity whose outcome it is; null where an older entry was put back.</param>
/// <param name="Closing">How it was closed; null with <paramref name="Closed"/>.</param>
internal readonly record struct CommitNotice(ResumeKind Kind, string Lane, ActivityId? Closed, Closing? Closing = null);
