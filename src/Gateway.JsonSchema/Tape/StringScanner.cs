using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Gateway.JsonSchema.Tape;

/// <summary>Finds the end of a JSON string and checks what is inside. UTF-8 itself has been checked before.</summary>
internal static unsafe class StringScanner
{
    /// <summary>
    /// From the byte after the opening quote to the closing quote. On failure the returned pointer stands at the offending
    /// byte (or at <paramref name="end"/>) and <paramref name="problem"/> says which rule is broken.
    /// </summary>
    public static byte* Scan(byte* position, byte* end, ref RowFlags flags, ref JsonProblemKind? problem)
    {
        while (Vector256.IsHardwareAccelerated && end - position >= Vector256<byte>.Count)
        {
            var mask = SpecialBytes(position);
            if (mask == 0)
            {
                position += Vector256<byte>.Count;
                continue;
            }

            position += BitOperations.TrailingZeroCount(mask);
            if (*position == '"')
            {
                return position;
            }

            break;
        }

        return ScanRest(position, end, ref flags, ref problem);
    }

    /// <summary>Which of the next 32 bytes are quotes, backslashes, control characters or beyond ASCII.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint SpecialBytes(byte* position)
    {
        var block = Vector256.Load(position);
        var special = Vector256.Equals(block, Vector256.Create((byte)'"'))
            | Vector256.Equals(block, Vector256.Create((byte)'\\'))
            | Vector256.LessThan(block.AsSByte(), Vector256.Create((sbyte)0x20)).AsByte();
        return special.ExtractMostSignificantBits();
    }

    /// <summary>The general case: escapes, text beyond ASCII, the last bytes of the document.</summary>
    private static byte* ScanRest(byte* position, byte* end, ref RowFlags flags, ref JsonProblemKind? problem)
    {
        while (true)
        {
            position = SkipPlain(position, end, ref flags);
            if (position == end)
            {
                problem = JsonProblemKind.Malformed;
                return end;
            }

            switch (*position)
            {
                case (byte)'"':
                    return position;
                case (byte)'\\':
                    flags |= RowFlags.Escaped;
                    var length = Escapes.Check(position, end, ref flags, out var escapeProblem);
                    if (length == 0)
                    {
                        problem = escapeProblem;
                        return position;
                    }

                    position += length;
                    break;
                default:
                    problem = JsonProblemKind.Malformed;
                    return position;
            }
        }
    }

    /// <summary>Skips to the next quote, backslash or control character, noting bytes above 0x7F.</summary>
    private static byte* SkipPlain(byte* position, byte* end, ref RowFlags flags)
    {
        while (Vector128.IsHardwareAccelerated && end - position >= Vector128<byte>.Count)
        {
            var block = Vector128.Load(position);
            var special = Vector128.Equals(block, Vector128.Create((byte)'"'))
                | Vector128.Equals(block, Vector128.Create((byte)'\\'))
                | Vector128.LessThan(block, Vector128.Create((byte)0x20));
            var mask = special.ExtractMostSignificantBits();
            var high = block.ExtractMostSignificantBits();
            var plain = mask == 0 ? Vector128<byte>.Count : BitOperations.TrailingZeroCount(mask);
            if ((high & ((1u << plain) - 1)) != 0)
            {
                flags |= RowFlags.NonAscii;
            }

            position += plain;
            if (mask != 0)
            {
                return position;
            }
        }

        for (; position < end && *position is not ((byte)'"' or (byte)'\\' or < 0x20); position++)
        {
            if (*position >= 0x80)
            {
                flags |= RowFlags.NonAscii;
            }
        }

        return position;
    }
}
