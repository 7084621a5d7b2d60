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
    private static readonly ulong SeedA = NewSeed();
    private static readonly ulong SeedB = NewSeed();
    private static readonly ulong SeedC = NewSeed();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe uint Compute(byte* bytes, int length)
    {
        ulong first, last;
        if (length >= 8)
        {
            if (length > 16)
            {
                return ComputeLong(bytes, length);
            }

            first = Unsafe.ReadUnaligned<ulong>(bytes);
            last = Unsafe.ReadUnaligned<ulong>(bytes + length - 8);
        }
        else if (length >= 4)
        {
            first = Unsafe.ReadUnaligned<uint>(bytes);
            last = Unsafe.ReadUnaligned<uint>(bytes + length - 4);
        }
        else if (length > 0)
        {
            first = bytes[0] | ((ulong)bytes[length >> 1] << 8) | ((ulong)bytes[length - 1] << 16);
            last = 0;
        }
        else
        {
            first = last = 0;
        }

        return Fold(first ^ SeedA, last ^ SeedB ^ ((ulong)length << 56));
    }

    public static unsafe uint Compute(ReadOnlySpan<byte> name)
    {
        fixed (byte* bytes = name)
        {
            return Compute(bytes, name.Length);
        }
    }

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
