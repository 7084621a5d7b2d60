using System.Runtime.CompilerServices;

namespace Gateway.JsonSchema.Tape;

/// <summary>
/// The first and the last eight bytes of a name as two words (overlapping where it is shorter): together with the length they are the whole name up to
/// sixteen bytes, so two comparisons decide.
/// </summary>
internal readonly struct NameWords
{
    public const int MaxExactLength = 16;

    public readonly ulong First;
    public readonly ulong Last;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public unsafe NameWords(byte* name, int length)
    {
        if (length >= 8)
        {
            First = Unsafe.ReadUnaligned<ulong>(name);
            Last = Unsafe.ReadUnaligned<ulong>(name + length - 8);
        }
        else if (length >= 4)
        {
            First = Unsafe.ReadUnaligned<uint>(name);
            Last = Unsafe.ReadUnaligned<uint>(name + length - 4);
        }
        else if (length > 0)
        {
            First = name[0] | ((ulong)name[length >> 1] << 8) | ((ulong)name[length - 1] << 16);
        }
    }
}
