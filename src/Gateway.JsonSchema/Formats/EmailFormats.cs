using System.Buffers;

namespace Gateway.JsonSchema.Formats;

/// <summary>A <c>Mailbox</c> of RFC 5321 section 4.1.2, and with characters beyond ASCII that of RFC 6531 section 3.3.</summary>
internal static class EmailFormats
{
    /// <summary>RFC 5321 section 4.5.3.1.1.</summary>
    private const int MaxLocalPart = 64;

    private static readonly SearchValues<byte> AtomCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-/=?^_`{|}~"u8);

    internal static bool IsEmail(ReadOnlySpan<byte> utf8) => IsMailbox(utf8, isInternational: false);

    internal static bool IsIdnEmail(ReadOnlySpan<byte> utf8) => IsMailbox(utf8, isInternational: true);

    private static bool IsMailbox(ReadOnlySpan<byte> utf8, bool isInternational)
    {
        // No domain holds an at sign, but a quoted local part may.
        var at = utf8.LastIndexOf((byte)'@');
        if (at is < 1 or > MaxLocalPart)
        {
            return false;
        }

        var local = utf8[..at];
        var domain = utf8[(at + 1)..];
        var isLocal = local is [(byte)'"', .. var quoted, (byte)'"'] ? IsQuoted(quoted, isInternational) : IsDotString(local, isInternational);
        return isLocal && (domain is [(byte)'[', .. var literal, (byte)']'] ? IsLiteral(literal)
            : isInternational ? HostnameFormats.IsIdnHostname(domain)
            : HostnameFormats.IsHostname(domain));
    }

    private static bool IsDotString(ReadOnlySpan<byte> local, bool isInternational)
    {
        var afterDot = true;
        foreach (var value in local)
        {
            var isDot = value == '.';
            if (isDot ? afterDot : !AtomCharacters.Contains(value) && !(isInternational && value >= 0x80))
            {
                return false;
            }

            afterDot = isDot;
        }

        return !afterDot;
    }

    private static bool IsQuoted(ReadOnlySpan<byte> quoted, bool isInternational)
    {
        for (var at = 0; at < quoted.Length; at++)
        {
            if (quoted[at] == '\\' && ++at < quoted.Length && quoted[at] is >= 0x20 and <= 0x7E)
            {
                continue;
            }

            if (at >= quoted.Length || quoted[at] is (byte)'"' or (byte)'\\' or < 0x20 or 0x7F || (quoted[at] >= 0x80 && !isInternational))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsLiteral(ReadOnlySpan<byte> literal)
    {
        var tag = "IPv6:"u8;
        if (literal.Length > tag.Length && System.Text.Ascii.EqualsIgnoreCase(literal[..tag.Length], tag))
        {
            return AddressFormats.IsIpv6(literal[tag.Length..]);
        }

        return AddressFormats.IsIpv4(literal);
    }
}
