using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Gateway.JsonSchema.Tape;

/// <summary>Copies a document to where zeros follow it, and looks on the way whether it is all ASCII.</summary>
internal static unsafe class PaddedCopy
{
    private const int Block = JsonTape.Padding;

    /// <summary>Whether every byte is ASCII, and so needs no look at its UTF-8.</summary>
    /// <param name="source">The document.</param>
    /// <param name="target">Room for it and <see cref="JsonTape.Padding"/> bytes more.</param>
    public static bool Fill(ReadOnlySpan<byte> source, byte* target)
    {
        fixed (byte* from = &MemoryMarshal.GetReference(source))
        {
            var high = Vector256<byte>.Zero;
            for (var at = 0; at < source.Length - Block; at += Block)
            {
                high |= CopyBlock(from + at, target + at);
            }

            Vector256<byte>.Zero.Store(target + source.Length);
            Vector256<byte>.Zero.Store(target + source.Length + Vector256<byte>.Count);
            if (source.Length >= Block)
            {
                // The last block overlaps what was copied before: no short tail to handle.
                high |= CopyBlock(from + source.Length - Block, target + source.Length - Block);
            }
            else
            {
                source.CopyTo(new Span<byte>(target, source.Length));
                high = Vector256.Load(target) | Vector256.Load(target + Vector256<byte>.Count);
            }

            return high.ExtractMostSignificantBits() == 0;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> CopyBlock(byte* from, byte* target)
    {
        var first = Vector256.Load(from);
        var second = Vector256.Load(from + Vector256<byte>.Count);
        first.Store(target);
        second.Store(target + Vector256<byte>.Count);
        return first | second;
    }
}
