using System.Diagnostics.CodeAnalysis;

namespace Gateway.Activities;

/// <summary>
/// Public name of an activity, a UUIDv7 (RFC 9562): safe to log, and ordered by the time of registration, so that recent
/// work shares a few hot pages of every index it stands in.
/// </summary>
internal readonly record struct ActivityId(Guid Value) : IComparable<ActivityId>
{
    /// <summary>Length of the binary form in network byte order.</summary>
    public const int Size = 16;

    public static ActivityId New(DateTimeOffset now) => new(Guid.CreateVersion7(now));

    /// <summary>The smallest id a registration at <paramref name="instant"/> can have: turns a time range into a key range.</summary>
    public static ActivityId Floor(DateTimeOffset instant)
    {
        Span<byte> bytes = stackalloc byte[Size];
        bytes.Clear();
        var milliseconds = Math.Max(0, instant.ToUnixTimeMilliseconds());
        for (var i = 5; i >= 0; i--, milliseconds >>= 8)
        {
            bytes[i] = (byte)milliseconds;
        }

        return Read(bytes);
    }

    public static ActivityId Read(ReadOnlySpan<byte> networkOrder) => new(new Guid(networkOrder, bigEndian: true));

    /// <summary>One spelling only: lower case, with hyphens, as the gateway writes it.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out ActivityId id)
    {
        id = default;
        if (!Guid.TryParseExact(text, "D", out var guid) || guid.ToString("D") != text)
        {
            return false;
        }

        id = new ActivityId(guid);
        return true;
    }

    public void Write(Span<byte> networkOrder) => Value.TryWriteBytes(networkOrder, bigEndian: true, out _);

    public byte[] ToBytes() => Value.ToByteArray(bigEndian: true);

    public int CompareTo(ActivityId other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString("D");
}
