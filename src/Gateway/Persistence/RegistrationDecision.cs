using Gateway.Activities;

namespace Gateway.Persistence;

/// <summary>An attempt of a step that is registered already.</summary>
internal sealed record KnownAttempt(ActivityId Id, int Attempt, byte[] Fingerprint, bool Closed);

/// <summary>What a registration comes to beside what is registered of its step. Pure, and the same for every store.</summary>
internal abstract record RegistrationDecision
{
    private RegistrationDecision() { }

    /// <param name="Superseded">Pending lower attempts, which close with it.</param>
    public sealed record Add(IReadOnlyList<ActivityId> Superseded) : RegistrationDecision;

    public sealed record Repeated(ActivityId Existing) : RegistrationDecision;

    public sealed record Refused(Registered Answer) : RegistrationDecision;

    /// <param name="known">All attempts of the same step and run, the highest first.</param>
    public static RegistrationDecision Of(NewActivity registration, IReadOnlyList<KnownAttempt> known)
    {
        var attempt = registration.Activity.Reference.Attempt;
        foreach (var same in known)
        {
            if (same.Attempt == attempt)
            {
                return same.Fingerprint.AsSpan().SequenceEqual(registration.Fingerprint)
                    ? new Repeated(same.Id)
                    : new Refused(new Registered.Different(same.Id));
            }
        }

        return known is [{ Attempt: var highest, Id: var newer }, ..] && highest > attempt
            ? new Refused(new Registered.Outdated(newer, highest))
            : new Add([.. known.Where(lower => !lower.Closed).Select(lower => lower.Id)]);
    }
}
