using System.Runtime.CompilerServices;

namespace Gateway.JsonSchema.Tape;

/// <summary>Reads eight digits at once, as one word.</summary>
internal static unsafe class EightDigits
{
    /// <summary>Whether the next eight bytes are all digits, and their value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryRead(byte* position, out ulong value)
    {
        value = 0;
        var word = Unsafe.ReadUnaligned<ulong>(position);

        // '0' to '9' are 0x30 to 0x39: the high halves are 3, and stay 3 when six is added.
        if ((word & 0xF0F0F0F0F0F0F0F0) != 0x3030303030303030 || ((word + 0x0606060606060606) & 0xF0F0F0F0F0F0F0F0) != 0x3030303030303030)
        {
            return false;
        }

        // Neighbours are joined to pairs, pairs to fours, fours to the eight.
        word -= 0x3030303030303030;
        word = (word * 10) + (word >> 8);
        value = (((word & 0x000000FF000000FF) * 0x000F424000000064) + (((word >> 16) & 0x000000FF000000FF) * 0x0000271000000001)) >> 32;
        return true;
    }
}
