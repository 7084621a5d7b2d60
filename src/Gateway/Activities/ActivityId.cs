using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Gateway.Activities;

/// <summary>
/// Public name of an activity, a UUIDv7 (RFC 9562): safe to log, and ordered by the time of registration, so that recent
/// work shares a few hot pages of every index it stands in.
/// </summary>
internal readonly record struct ActivityId(Guid Value) : IComparable<ActivityId>
{
    /// <summary>Length of the binary form in network byte order.</summary>
    public const int Size = 16;

    /// <summary>Random bytes asked for at once: one call of the system serves as many ids as a small batch has.</summary>
    private const int Drawn = 1024;

    [ThreadStatic]
    private static byte[]? random;

    [ThreadStatic]
    private static int used;

    public static ActivityId New(DateTimeOffset now)
    {
        if (random is null || used > Drawn - Size)
        {
            RandomNumberGenerator.Fill(random ??= new byte[Drawn]);
            used = 0;
        }

        Span<byte> bytes = stackalloc byte[Size];
        random.AsSpan(used, Size).CopyTo(bytes);
        used += Size;
        WriteTime(bytes, now);
        bytes[6] = (byte)(0x70 | (bytes[6] & 0x0F));
        bytes[8] = (byte)(0x80 | (bytes[8] & 0x3F));
        return Read(bytes);
    }

    /// <summary>The smallest id a registration at <paramref name="instant"/> can have: turns a time range into a key range.</summary>
    public static ActivityId Floor(DateTimeOffset instant)
    {
        Span<byte> bytes = stackalloc byte[Size];
        bytes.Clear();
        WriteTime(bytes, instant);
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

    private static void WriteTime(Span<byte> networkOrder, DateTimeOffset instant)
    {
        var milliseconds = Math.Max(0, instant.ToUnixTimeMilliseconds());
        for (var i = 5; i >= 0; i--, milliseconds >>= 8)
        {
            networkOrder[i] = (byte)milliseconds;
        }
    }
}
