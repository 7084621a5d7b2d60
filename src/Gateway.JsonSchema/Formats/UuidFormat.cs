namespace Gateway.JsonSchema.Formats;

/// <summary>RFC 9562 section 4: 8-4-4-4-12 hexadecimal digits, of any version.</summary>
internal static class UuidFormat
{
    internal static bool IsValid(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length != 36)
        {
            return false;
        }

        for (var i = 0; i < utf8.Length; i++)
        {
            var fits = i is 8 or 13 or 18 or 23 ? utf8[i] == '-' : char.IsAsciiHexDigit((char)utf8[i]);
            if (!fits)
            {
                return false;
            }
        }

        return true;
    }
}
