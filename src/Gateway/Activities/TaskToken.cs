namespace Gateway.Activities;

/// <summary>
/// What a genuine task token says. It is derived, never stored: the same claims under the same key give the same token.
/// </summary>
/// <param name="ActivityId">The activity it answers.</param>
/// <param name="Capabilities">What its holder may do.</param>
/// <param name="Generation">The activity's generation when it was issued (16 bits).</param>
/// <param name="ExpiresAt">Whole minutes; null for a token that lives as long as its activity.</param>
internal readonly record struct TaskToken(ActivityId ActivityId, Capabilities Capabilities, int Generation, DateTimeOffset? ExpiresAt)
{
    /// <summary>Length of the text form: 45 bytes in base64url without padding.</summary>
    public const int TextLength = 60;

    public bool May(Capabilities capability) => (Capabilities & capability) == capability;

    public bool IsExpired(DateTimeOffset now) => ExpiresAt <= now;
}
