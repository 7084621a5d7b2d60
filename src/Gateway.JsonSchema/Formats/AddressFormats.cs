namespace Gateway.JsonSchema.Formats;

/// <summary>Addresses of the Internet Protocol: RFC 2673 section 3.2 (dotted quad) and RFC 4291 section 2.2.</summary>
internal static class AddressFormats
{
    private const int Groups = 8;

    internal static bool IsIpv4(ReadOnlySpan<byte> utf8)
    {
        var octets = 0;
        while (true)
        {
            var length = utf8.IndexOf((byte)'.');
            var octet = length < 0 ? utf8 : utf8[..length];
            if (++octets > 4 || !IsOctet(octet))
            {
                return false;
            }

            if (length < 0)
            {
                return octets == 4;
            }

            utf8 = utf8[(length + 1)..];
        }
    }

    internal static bool IsIpv6(ReadOnlySpan<byte> utf8)
    {
        var gap = utf8.IndexOf("::"u8);
        if (gap < 0)
        {
            return CountGroups(utf8, mayEndInIpv4: true) == Groups;
        }

        var before = gap == 0 ? 0 : CountGroups(utf8[..gap], mayEndInIpv4: false);
        var after = gap + 2 == utf8.Length ? 0 : CountGroups(utf8[(gap + 2)..], mayEndInIpv4: true);
        return before >= 0 && after >= 0 && before + after < Groups;
    }

    /// <summary>How many groups of 16 bits the text writes, or -1.</summary>
    private static int CountGroups(ReadOnlySpan<byte> utf8, bool mayEndInIpv4)
    {
        for (var count = 1; count <= Groups; count++)
        {
            var length = utf8.IndexOf((byte)':');
            var group = length < 0 ? utf8 : utf8[..length];
            if (length < 0 && mayEndInIpv4 && IsIpv4(group))
            {
                return count + 1;
            }

            if (group.Length is 0 or > 4 || !AsciiText.IsHex(group))
            {
                return -1;
            }

            if (length < 0)
            {
                return count;
            }

            utf8 = utf8[(length + 1)..];
        }

        return -1;
    }

    // A leading zero is refused: some readers take it for octal.
    private static bool IsOctet(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length is 0 or > 3 || (utf8.Length > 1 && utf8[0] == '0') || utf8.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            return false;
        }

        var value = 0;
        foreach (var digit in utf8)
        {
            value = value * 10 + (digit - '0');
        }

        return value <= 255;
    }
}
