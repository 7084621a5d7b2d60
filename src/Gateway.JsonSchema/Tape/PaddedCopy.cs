using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Gateway.JsonSchema.Tape;

/// <summary>Copies a document to where zeros follow it, and looks on the way whether it is all ASCII.</summary>
internal static unsafe class PaddedCopy
{
    /// <summary>Whether every byte is ASCII, and so needs no look at its UTF-8.</summary>
    /// <param name="source">The document.</param>
    /// <param name="target">Room for it and <see cref="JsonTape.Padding"/> bytes more.</param>
    public static bool Fill(ReadOnlySpan<byte> source, byte* target)
    {
        fixed (byte* from = &MemoryMarshal.GetReference(source))
        {
            var high = Vector256<byte>.Zero;
            var at = 0;
            for (; at <= source.Length - (2 * Vector256<byte>.Count); at += 2 * Vector256<byte>.Count)
            {
                var first = Vector256.Load(from + at);
                var second = Vector256.Load(from + at + Vector256<byte>.Count);
                first.Store(target + at);
                second.Store(target + at + Vector256<byte>.Count);
                high |= first | second;
            }

            // The rest and the zeros make up at least one more block, and at most as many bytes as the padding has.
            var rest = source.Length - at;
            new Span<byte>(target + at + rest, JsonTape.Padding).Clear();
            new ReadOnlySpan<byte>(from + at, rest).CopyTo(new Span<byte>(target + at, rest));
            high |= Vector256.Load(target + at) | Vector256.Load(target + at + Vector256<byte>.Count);
            return high.ExtractMostSignificantBits() == 0;
        }
    }
}
