namespace Gateway.JsonSchema.Formats;

/// <summary>RFC 6901 and the draft of relative JSON pointers.</summary>
internal static class PointerFormats
{
    internal static bool IsJsonPointer(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty)
        {
            return true;
        }

        if (utf8[0] != '/')
        {
            return false;
        }

        for (var tilde = utf8.IndexOf((byte)'~'); tilde >= 0; tilde = utf8.IndexOf((byte)'~'))
        {
            utf8 = utf8[(tilde + 1)..];
            if (utf8 is not [(byte)'0' or (byte)'1', ..])
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>As draft 7 and 2019-09 cite it (draft-handrews-relative-json-pointer-01 and -02, section 3): a number, then <c>#</c> or a pointer.</summary>
    internal static bool IsRelativeJsonPointer(ReadOnlySpan<byte> utf8) =>
        TryTakeNumber(ref utf8) && (utf8 is [(byte)'#'] || IsJsonPointer(utf8));

    /// <summary>
    /// As 2020-12 cites it (draft-bhutton-relative-json-pointer-00, section 3): the number may be followed by a step along an array. The grammar there
    /// has no <c>#</c> after such a step, but the examples of section 5.1 do.
    /// </summary>
    internal static bool IsRelativeJsonPointerWithIndex(ReadOnlySpan<byte> utf8)
    {
        if (!TryTakeNumber(ref utf8))
        {
            return false;
        }

        if (utf8 is [(byte)'+' or (byte)'-', .. var step])
        {
            utf8 = step;
            if (!TryTakeNumber(ref utf8))
            {
                return false;
            }
        }

        return utf8 is [(byte)'#'] || IsJsonPointer(utf8);
    }

    private static bool TryTakeNumber(ref ReadOnlySpan<byte> utf8)
    {
        var end = utf8.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        var digits = end < 0 ? utf8 : utf8[..end];
        utf8 = utf8[digits.Length..];
        return digits is [(byte)'0'] or [not (byte)'0', ..];
    }
}
