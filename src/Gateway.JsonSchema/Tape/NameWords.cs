using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Gateway.JsonSchema.Tape;

/// <summary>
/// The first sixteen bytes of a text as two words, with zeros behind a shorter one: together with the length they are the whole text up to that
/// size, so two comparisons decide.
/// </summary>
internal readonly struct NameWords
{
    public const int MaxExactLength = 16;

    public readonly ulong First;
    public readonly ulong Last;

    private NameWords(Vector128<byte> text) => (First, Last) = (text.AsUInt64().GetElement(0), text.AsUInt64().GetElement(1));

    /// <summary>Of a text that is followed by sixteen readable bytes, such as any place in the tape's copy of the document.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe NameWords OfPadded(byte* text, int length)
    {
        var inside = Vector128.LessThan(
            Vector128.Create((byte)0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15).AsSByte(), Vector128.Create((sbyte)Math.Min(length, MaxExactLength)));
        return new NameWords(Vector128.Load(text) & inside.AsByte());
    }

    public static unsafe NameWords Of(ReadOnlySpan<byte> text)
    {
        var padded = stackalloc byte[MaxExactLength];
        var length = Math.Min(text.Length, MaxExactLength);
        text[..length].CopyTo(new Span<byte>(padded, MaxExactLength));
        new Span<byte>(padded + length, MaxExactLength - length).Clear();
        return new NameWords(Vector128.Load(padded));
    }
}
