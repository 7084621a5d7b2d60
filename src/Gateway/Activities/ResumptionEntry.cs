namespace Gateway.Activities;

/// <summary>Where an outbox entry stands. The numbers are stored: never renumber.</summary>
internal enum EntryStatus
{
    /// <summary>Due now or at a known time.</summary>
    Waiting = 0,

    /// <summary>A holder works on it until its lease ends.</summary>
    Leased = 1,

    /// <summary>The target has the outcome.</summary>
    Delivered = 2,

    /// <summary>Given up; an operator may redeliver it.</summary>
    Dead = 3,
}

/// <summary>One leased outbox entry.</summary>
/// <param name="Sequence">Its place in the order of commits; stable, and the entry's identity.</param>
/// <param name="Epoch">Raised by every lease: a late holder's settlement names an old epoch and changes nothing.</param>
/// <param name="Attempt">Counted from 1.</param>
internal sealed record ResumptionEntry(
    long Sequence, ActivityId ActivityId, ResumeKind Kind, string Lane, int Epoch, int Attempt, DateTimeOffset LeasedUntil);

internal static class EntryStatusWords
{
    public static string Wire(this EntryStatus status) => status switch
    {
        EntryStatus.Waiting => "waiting",
        EntryStatus.Leased => "leased",
        EntryStatus.Delivered => "delivered",
        EntryStatus.Dead => "dead",
        _ => throw new ArgumentOutOfRangeException(nameof(status)),
    };

    /// <summary>The status a word names, or null where it names none.</summary>
    public static EntryStatus? Find(string word) =>
        Enum.GetValues<EntryStatus>().Cast<EntryStatus?>().FirstOrDefault(status => status!.Value.Wire() == word);
}
