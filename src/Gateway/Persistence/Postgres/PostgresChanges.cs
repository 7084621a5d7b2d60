using System.Diagnostics;
using Gateway.Activities;

namespace Gateway.Persistence.Postgres;

/// <summary>A change as data: changes of one kind share one statement, and may be written again after a broken connection.</summary>
internal interface IPostgresChange : IPendingChange
{
    /// <summary>When it joined the line, as a timestamp.</summary>
    long AcceptedAt { get; }
}

/// <summary>A change whose answer is found by the statement that writes it.</summary>
internal abstract class PostgresChange<T>(int bytes = 0) : PendingChange<T>(bytes), IPostgresChange
{
    public long AcceptedAt { get; } = Stopwatch.GetTimestamp();

    public void Answers(T result) => Result = result;
}

/// <summary>An outcome to append, with what its outbox entry needs.</summary>
/// <param name="Remembered">Decided without a look: it holds only if the activity is as it was registered.</param>
internal sealed record Ending(ActivityId Id, Closing Closing, byte[] Body, ResumeKind Kind, string Lane, bool Remembered)
{
    /// <summary>The body is copied: its buffer is the request's, and a write that is given up may still be reading it.</summary>
    public static Ending Of(WorkflowActivity activity, Transition.Applied transition) => new(
        activity.Id,
        transition.Closing,
        transition.Body.ToArray(),
        activity.Resume.Kind,
        PostgresText.Lane(activity.Resume.Lane(activity.Reference.Namespace)),
        activity.Remembered);

    public CommitNotice Notice => new(Kind, Lane, Id, Closing);
}

internal sealed class CloseChange(Ending ending) : PostgresChange<Guarded>(ending.Body.Length)
{
    public Ending Ending => ending;
}

internal sealed class RegisterChange(IReadOnlyList<NewActivity> registrations, DateTimeOffset now)
    : PostgresChange<Registered[]>(registrations.Sum(registration => registration.Weight))
{
    public IReadOnlyList<NewActivity> Registrations => registrations;

    public DateTimeOffset Now => now;
}

internal sealed class HeartbeatChange(ActivityId id, HeartbeatTransition.Applied beat, byte[]? details)
    : PostgresChange<Guarded>(details?.Length ?? 0)
{
    public ActivityId Id => id;

    public HeartbeatTransition.Applied Beat => beat;

    public byte[]? Details => details;
}

internal sealed class LeaseChange(ResumeKind kind, string lane, int max, DateTimeOffset now, DateTimeOffset until)
    : PostgresChange<IReadOnlyList<ResumptionEntry>>
{
    public ResumeKind Kind => kind;

    public string Lane => lane;

    public int Max => max;

    public DateTimeOffset Now => now;

    public DateTimeOffset Until => until;
}

/// <param name="prefix">Only leases of pull lanes that begin like this are the caller's; null: any lease.</param>
/// <param name="attempt">What is recorded beside the settlement.</param>
internal sealed class SettleChange(
    IReadOnlyList<LeaseId?> leases, Settlement settlement, DateTimeOffset now, string? prefix, AttemptRow? attempt = null)
    : PostgresChange<LeaseAnswer[]>
{
    public IReadOnlyList<LeaseId?> Leases => leases;

    public Settlement Settlement => settlement;

    public DateTimeOffset Now => now;

    public string? Prefix => prefix;

    public AttemptRow? Attempt => attempt;
}
