using System.Numerics;
using System.Runtime.CompilerServices;

namespace Gateway.JsonSchema.Tape;

/// <summary>Reads up to eight digits at once, as one word: no loop whose length the processor would have to guess.</summary>
internal static unsafe class EightDigits
{
    /// <summary>How many of the next eight bytes are digits before the first that is none, and their value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Read(byte* position, out ulong value)
    {
        var word = Unsafe.ReadUnaligned<ulong>(position);

        // '0' to '9' are 0x30 to 0x39: the high halves are 3, and stay 3 when six is added. Anything else leaves a mark in its byte.
        var others = ((word & 0xF0F0F0F0F0F0F0F0) ^ 0x3030303030303030) | (((word + 0x0606060606060606) & 0xF0F0F0F0F0F0F0F0) ^ 0x3030303030303030);
        var count = BitOperations.TrailingZeroCount(others) >> 3;
        if (count == 0)
        {
            value = 0;
            return 0;
        }

        // Shifted up, missing digits are leading zeros. Neighbours are joined to pairs, pairs to fours, fours to the eight.
        word = (word - 0x3030303030303030) << (64 - (count << 3));
        word = (word * 10) + (word >> 8);
        value = (((word & 0x000000FF000000FF) * 0x000F424000000064) + (((word >> 16) & 0x000000FF000000FF) * 0x0000271000000001)) >> 32;
        return count;
    }
}
