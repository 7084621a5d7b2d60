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

    internal static bool IsRelativeJsonPointer(ReadOnlySpan<byte> utf8)
    {
        var end = utf8.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        var levels = end < 0 ? utf8 : utf8[..end];
        var rest = utf8[levels.Length..];
        return levels is [(byte)'0'] or [not (byte)'0', ..] && (rest is [(byte)'#'] || IsJsonPointer(rest));
    }
}
