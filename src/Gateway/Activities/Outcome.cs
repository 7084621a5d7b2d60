namespace Gateway.Activities;

/// <summary>Which of an activity's two clocks ran out.</summary>
internal enum TimeoutKind
{
    /// <summary>The overall deadline, set at registration.</summary>
    Schedule = 0,

    /// <summary>No heartbeat within the heartbeat timeout.</summary>
    Heartbeat = 1,
}

/// <summary>How an activity ends, before it is known whether this end wins.</summary>
/// <param name="State">The state the activity ends in.</param>
/// <param name="Body">
/// The JSON text as it came: the result (completed), the failure object (failed), the details (canceled). Empty where there
/// is none. Never re-serialised, so numbers and member order arrive as sent.
/// </param>
/// <param name="Digest">SHA-256 of the request body as received; what tells a repeated call from a conflicting one.</param>
internal abstract record Outcome(ActivityState State, ReadOnlyMemory<byte> Body, OutcomeDigest Digest)
{
    public sealed record Completed(ReadOnlyMemory<byte> Result, OutcomeDigest Digest)
        : Outcome(ActivityState.Completed, Result, Digest);

    public sealed record Failed(ReadOnlyMemory<byte> Failure, OutcomeDigest Digest)
        : Outcome(ActivityState.Failed, Failure, Digest);

    public sealed record Canceled(ReadOnlyMemory<byte> Details, OutcomeDigest Digest, string? Reason)
        : Outcome(ActivityState.Canceled, Details, Digest);

    public sealed record TimedOut(TimeoutKind Kind)
        : Outcome(ActivityState.TimedOut, default, OutcomeDigest.Of([]));

    /// <summary>Bodies are somebody's data: the text of an outcome names its state only.</summary>
    public sealed override string ToString() => State.Wire();
}

/// <summary>SHA-256 of a body, held inline and compared by value.</summary>
internal readonly record struct OutcomeDigest(UInt128 High, UInt128 Low)
{
    public const int Size = Sha256.Size;

    public static OutcomeDigest Of(ReadOnlySpan<byte> body)
    {
        Span<byte> hash = stackalloc byte[Size];
        Sha256.Hash(body, hash);
        return Read(hash);
    }

    public static OutcomeDigest Read(ReadOnlySpan<byte> bytes) => new(
        System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes),
        System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes[16..]));

    public void Write(Span<byte> bytes)
    {
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(bytes, High);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(bytes[16..], Low);
    }

    /// <summary>The receipt's form, <c>sha-256=&lt;base64&gt;</c>.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Size];
        Write(bytes);
        return $"sha-256={Convert.ToBase64String(bytes)}";
    }
}
