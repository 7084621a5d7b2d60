using Gateway.Activities;

namespace Gateway.Completion;

/// <summary>A completion as it arrived: which end, and the body's bytes.</summary>
/// <param name="State">Completed, failed or canceled.</param>
/// <param name="Received">The body as received, BOM included: what the digest is taken of. Good until the call is answered.</param>
internal readonly record struct Submission(ActivityState State, ReadOnlyMemory<byte> Received)
{
    private static readonly byte[] Null = "null"u8.ToArray();
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>What is stored and handed on: the received bytes without a BOM; an empty body is <c>null</c>.</summary>
    public ReadOnlyMemory<byte> Value
    {
        get
        {
            var value = Received.Span.StartsWith(ByteOrderMark) ? Received[ByteOrderMark.Length..] : Received;
            return value.IsEmpty ? Null : value;
        }
    }

    public Outcome ToOutcome(string? cancelReason)
    {
        var digest = OutcomeDigest.Of(Received.Span);
        return State switch
        {
            ActivityState.Completed => new Outcome.Completed(Value, digest),
            ActivityState.Failed => new Outcome.Failed(Value, digest),
            ActivityState.Canceled => new Outcome.Canceled(Value, digest, cancelReason),
            _ => throw new ArgumentOutOfRangeException(nameof(cancelReason), State, "Nobody submits this state."),
        };
    }

    public override string ToString() => State.Wire();
}
