using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Gateway.JsonSchema.Tape;

/// <summary>
/// Hash of member names, seeded per process: the tape, the duplicate check and the compiled name maps share it, so a name is
/// hashed once. Every byte takes part, and the seed is secret: chosen names cannot be made to collide.
/// </summary>
internal static class NameHash
{
    // Zeros stand behind a short name: only its length tells it from one that is written with them.
    private const ulong LengthFactor = 0x9E3779B97F4A7C15;

    private static readonly ulong SeedA = NewSeed();
    private static readonly ulong SeedB = NewSeed();
    private static readonly ulong SeedC = NewSeed();

    /// <summary>Of a name that is followed by sixteen readable bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe uint ComputePadded(byte* name, int length) =>
        length > NameWords.MaxExactLength ? ComputeLong(name, length) : Compute(NameWords.OfPadded(name, length), length);

    public static unsafe uint Compute(ReadOnlySpan<byte> name)
    {
        if (name.Length <= NameWords.MaxExactLength)
        {
            return Compute(NameWords.Of(name), name.Length);
        }

        fixed (byte* bytes = name)
        {
            return ComputeLong(bytes, name.Length);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Compute(NameWords words, int length) => Fold(words.First ^ SeedA, words.Last ^ (SeedB + ((ulong)length * LengthFactor)));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static unsafe uint ComputeLong(byte* bytes, int length)
    {
        var state = SeedC ^ (ulong)length;
        var remaining = new ReadOnlySpan<byte>(bytes, length);
        while (remaining.Length > 16)
        {
            state = Mix(
                BinaryPrimitives.ReadUInt64LittleEndian(remaining) ^ SeedA,
                BinaryPrimitives.ReadUInt64LittleEndian(remaining[8..]) ^ state);
            remaining = remaining[16..];
        }

        // The last sixteen bytes overlap what was read before: no short tail to handle.
        var first = Unsafe.ReadUnaligned<ulong>(bytes + length - 16);
        var last = Unsafe.ReadUnaligned<ulong>(bytes + length - 8);
        return Fold(first ^ SeedB, last ^ state);
    }

    private static uint Fold(ulong a, ulong b)
    {
        var mixed = Mix(a, b);
        return (uint)(mixed ^ (mixed >> 32));
    }

    private static ulong Mix(ulong a, ulong b)
    {
        var high = Math.BigMul(a, b, out var low);
        return high ^ low;
    }

    private static ulong NewSeed()
    {
        Span<byte> bytes = stackalloc byte[8];
        RandomNumberGenerator.Fill(bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes) | 1;
    }
}
