using System.Numerics;
using System.Runtime.Intrinsics;

namespace Gateway.JsonSchema.Patterns.Unicode;

/// <summary>Steps through UTF-8 that is known to be valid, code point by code point.</summary>
internal static class Utf8
{
    /// <summary>How many bytes a code point takes, told by its first byte.</summary>
    internal static int LengthFrom(int first) => first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;

    /// <summary>How many code points there are: every byte that does not continue one begins one.</summary>
    internal static int Count(ReadOnlySpan<byte> utf8)
    {
        var count = 0;
        for (; utf8.Length >= Vector256<byte>.Count; utf8 = utf8[Vector256<byte>.Count..])
        {
            var begins = Vector256.GreaterThan(Vector256.Create(utf8).AsSByte(), Vector256.Create((sbyte)-0x41));
            count += BitOperations.PopCount(begins.ExtractMostSignificantBits());
        }

        foreach (var value in utf8)
        {
            count += (sbyte)value >= -0x40 ? 1 : 0;
        }

        return count;
    }

    internal static int ReadForward(ReadOnlySpan<byte> utf8, ref int at)
    {
        int first = utf8[at];
        var length = LengthFrom(first);
        var codePoint = length == 1 ? first : first & (0x7F >> length);
        for (var i = 1; i < length; i++)
        {
            codePoint = (codePoint << 6) | (utf8[at + i] & 0x3F);
        }

        at += length;
        return codePoint;
    }

    internal static int ReadBackward(ReadOnlySpan<byte> utf8, ref int at)
    {
        at--;
        while ((utf8[at] & 0xC0) == 0x80)
        {
            at--;
        }

        var start = at;
        return ReadForward(utf8, ref start);
    }
}
