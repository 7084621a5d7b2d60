using Gateway.Activities;
using Gateway.Persistence;

namespace Gateway.Registration;

/// <summary>What a request for another token came to.</summary>
internal abstract record TokenIssued
{
    private TokenIssued() { }

    public sealed record Issued(TaskToken Token, string Text) : TokenIssued
    {
        public override string ToString() => "token issued";
    }

    /// <summary>The activity is closed: no token can change it any more.</summary>
    public sealed record Closed(Closing Closing) : TokenIssued;

    /// <summary>Another rotation was faster, again and again.</summary>
    public sealed record Contended : TokenIssued;

    /// <summary>The activity has used all its 65,536 generations.</summary>
    public sealed record Exhausted : TokenIssued;

    public sealed record Purged : TokenIssued;
}

/// <summary>Derives tokens: the registration's own, narrower ones, or those of a new generation.</summary>
internal sealed class IssueToken(IActivityStore store, TokenKeyRing ring, TimeProvider time)
{
    private const int MaxTurns = 5;

    /// <summary>The token a registration hands out: every capability, living as long as the activity.</summary>
    public string ForRegistration(WorkflowActivity activity) =>
        ring.Issue(new TaskToken(activity.Id, Capabilities.All, activity.Generation, null));

    public async Task<TokenIssued> ExecuteAsync(WorkflowActivity activity, Capabilities capabilities, TimeSpan? lifetime, bool rotate)
    {
        var now = time.Now();
        var generation = activity.Generation;
        if (activity.Closing is { } closing)
        {
            return new TokenIssued.Closed(closing);
        }

        if (rotate)
        {
            var rotated = await RotateAsync(activity, now);
            if (rotated is not Rotation.To(var next))
            {
                return ((Rotation.Not)rotated).Why;
            }

            generation = next;
        }

        var expiresAt = lifetime is { } span ? TokenKeyRing.RoundUpToMinute(now + span) : (DateTimeOffset?)null;
        var token = new TaskToken(activity.Id, capabilities, generation, expiresAt);
        if (!rotate)
        {
            await store.NoteAsync(activity.Id, now, "token-issued", string.Join(", ", capabilities.List()));
        }

        return new TokenIssued.Issued(token, ring.Issue(token));
    }

    /// <summary>Raises the generation from the one that was read; whoever lost against another rotation reads again.</summary>
    private async Task<Rotation> RotateAsync(WorkflowActivity activity, DateTimeOffset now)
    {
        var current = activity;
        for (var turn = 0; turn < MaxTurns; turn++)
        {
            if (current.Generation == ushort.MaxValue)
            {
                return new Rotation.Not(new TokenIssued.Exhausted());
            }

            if (await store.RotateAsync(current.Id, current.Generation, now) is Guarded.Done)
            {
                return new Rotation.To(current.Generation + 1);
            }

            if (await store.FindAsync(activity.Id) is not { } reloaded)
            {
                return new Rotation.Not(new TokenIssued.Purged());
            }

            if (reloaded.Closing is { } closing)
            {
                return new Rotation.Not(new TokenIssued.Closed(closing));
            }

            current = reloaded;
        }

        return new Rotation.Not(new TokenIssued.Contended());
    }

    private abstract record Rotation
    {
        public sealed record To(int Generation) : Rotation;

        public sealed record Not(TokenIssued Why) : Rotation;
    }
}
