using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Gateway.JsonSchema.Tape;

/// <summary>
/// Reads a number of up to fifteen characters in one look at sixteen: where its digits end, whether it has a point, and its value, without a loop
/// whose length the processor would have to guess.
/// </summary>
internal static unsafe class Vector128Number
{
    /// <summary>The position after the number, or <see langword="null"/> where it is longer, has an exponent or is no number: nothing is said then.</summary>
    /// <param name="start">A digit or a minus, with readable bytes behind.</param>
    /// <param name="begin">Where the document begins.</param>
    /// <param name="row">Becomes the number's row.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static byte* TryRead(byte* start, byte* begin, Row* row)
    {
        if (!Sse41.IsSupported)
        {
            return null;
        }

        var sign = *start == '-' ? 1 : 0;
        var position = start + sign;
        var digits = Vector128.Load(position) - Vector128.Create((byte)'0');
        var others = ~Vector128.LessThanOrEqual(digits, Vector128.Create((byte)9)).ExtractMostSignificantBits();
        var whole = BitOperations.TrailingZeroCount(others);
        var last = whole;
        if (position[whole] == '.')
        {
            last = BitOperations.TrailingZeroCount(others & (others - 1));
        }

        // Bits from the sixteenth on are always set: what goes on beyond the look ends there.
        var decimals = last - whole - (last > whole ? 1 : 0);
        if (last >= Vector128<byte>.Count || whole == 0 || (whole > 1 && *position == '0') || position[last - 1] == '.' || (position[last] | 0x20) == 'e')
        {
            return null;
        }

        var mantissa = Join(digits, whole, whole + decimals);
        ((ulong*)row)[0] = (uint)(start - begin) | ((ulong)JsonKind.Number << 32) | ((ulong)RowFlags.Compact << 40) | ((ulong)decimals << 48);
        ((long*)row)[1] = (mantissa ^ -sign) + sign;
        return position + last;
    }

    /// <summary>The digits before and after the point as one whole number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long Join(Vector128<byte> digits, int whole, int count)
    {
        // Moved to the end, so that places have their weights; negative indexes leave zeros, and from the point on every index is one further.
        var places = Vector128.Create((sbyte)0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15) + Vector128.Create((sbyte)(count - 16));
        places -= Vector128.GreaterThan(places, Vector128.Create((sbyte)(whole - 1)));
        var aligned = Ssse3.Shuffle(digits, places.AsByte());
        var pairs = Ssse3.MultiplyAddAdjacent(aligned, Vector128.Create((short)0x010A).AsSByte());
        var fours = Sse2.MultiplyAddAdjacent(pairs, Vector128.Create(0x00010064).AsInt16());
        var packed = Sse41.PackUnsignedSaturate(fours, fours).AsInt16();
        var eights = Sse2.MultiplyAddAdjacent(packed, Vector128.Create(0x00012710).AsInt16()).AsInt64().ToScalar();
        return ((long)(uint)eights * 100_000_000) + (eights >> 32);
    }
}
