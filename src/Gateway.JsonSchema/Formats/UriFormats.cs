using System.Buffers;
using Gateway.JsonSchema.Patterns.Unicode;

namespace Gateway.JsonSchema.Formats;

/// <summary>Identifiers and references by the grammars of RFC 3986 (URI) and RFC 3987 (IRI).</summary>
internal static class UriFormats
{
    private const string Unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    private const string SubDelims = "!$&'()*+,;=";

    private static readonly SearchValues<byte> SchemeCharacters = Ascii("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-.");
    private static readonly SearchValues<byte> NameCharacters = Ascii(Unreserved + SubDelims);
    private static readonly SearchValues<byte> UserCharacters = Ascii(Unreserved + SubDelims + ":");
    private static readonly SearchValues<byte> PathCharacters = Ascii(Unreserved + SubDelims + ":@/");
    private static readonly SearchValues<byte> TailCharacters = Ascii(Unreserved + SubDelims + ":@/?");

    internal static bool IsUri(ReadOnlySpan<byte> utf8) => IsValid(utf8, isIri: false, mayBeRelative: false);

    internal static bool IsUriReference(ReadOnlySpan<byte> utf8) => IsValid(utf8, isIri: false, mayBeRelative: true);

    internal static bool IsIri(ReadOnlySpan<byte> utf8) => IsValid(utf8, isIri: true, mayBeRelative: false);

    internal static bool IsIriReference(ReadOnlySpan<byte> utf8) => IsValid(utf8, isIri: true, mayBeRelative: true);

    private static bool IsValid(ReadOnlySpan<byte> utf8, bool isIri, bool mayBeRelative)
    {
        var fragment = CutAt(ref utf8, (byte)'#');
        var query = CutAt(ref utf8, (byte)'?');
        var hasScheme = TryCutScheme(ref utf8);
        if ((!hasScheme && !mayBeRelative)
            || !Consists(fragment, TailCharacters, isIri, mayBePrivate: false)
            || !Consists(query, TailCharacters, isIri, mayBePrivate: isIri))
        {
            return false;
        }

        if (utf8.StartsWith("//"u8))
        {
            utf8 = utf8[2..];
            var slash = utf8.IndexOf((byte)'/');
            var authority = slash < 0 ? utf8 : utf8[..slash];
            utf8 = utf8[authority.Length..];
            if (!IsAuthority(authority, isIri))
            {
                return false;
            }
        }
        else if (!hasScheme && FirstSegment(utf8).Contains((byte)':'))
        {
            // It would be read as a scheme (RFC 3986 section 4.2).
            return false;
        }

        return Consists(utf8, PathCharacters, isIri, mayBePrivate: false);
    }

    /// <summary>Takes the mark and what follows it off the end, and answers what follows it.</summary>
    private static ReadOnlySpan<byte> CutAt(ref ReadOnlySpan<byte> utf8, byte mark)
    {
        var at = utf8.IndexOf(mark);
        if (at < 0)
        {
            return [];
        }

        var tail = utf8[(at + 1)..];
        utf8 = utf8[..at];
        return tail;
    }

    private static bool TryCutScheme(ref ReadOnlySpan<byte> utf8)
    {
        var colon = utf8.IndexOf((byte)':');
        if (colon < 1 || !AsciiText.IsLetter(utf8[0]) || utf8[..colon].ContainsAnyExcept(SchemeCharacters))
        {
            return false;
        }

        utf8 = utf8[(colon + 1)..];
        return true;
    }

    private static ReadOnlySpan<byte> FirstSegment(ReadOnlySpan<byte> path)
    {
        var slash = path.IndexOf((byte)'/');
        return slash < 0 ? path : path[..slash];
    }

    private static bool IsAuthority(ReadOnlySpan<byte> authority, bool isIri)
    {
        var at = authority.IndexOf((byte)'@');
        if (at >= 0)
        {
            if (!Consists(authority[..at], UserCharacters, isIri, mayBePrivate: false))
            {
                return false;
            }

            authority = authority[(at + 1)..];
        }

        var hostEnd = authority is [(byte)'[', ..] ? authority.IndexOf((byte)']') + 1 : authority.IndexOf((byte)':');
        var host = hostEnd < 0 ? authority : authority[..hostEnd];
        var port = authority[host.Length..];
        var isPort = port.IsEmpty || (port[0] == ':' && !port[1..].ContainsAnyExceptInRange((byte)'0', (byte)'9'));
        return isPort && (host is [(byte)'[', .. var literal, (byte)']'] ? IsLiteral(literal) : Consists(host, NameCharacters, isIri, mayBePrivate: false));
    }

    private static bool IsLiteral(ReadOnlySpan<byte> literal)
    {
        if (literal is not [(byte)'v' or (byte)'V', .. var future])
        {
            return AddressFormats.IsIpv6(literal);
        }

        var dot = future.IndexOf((byte)'.');
        return dot > 0 && dot + 1 < future.Length && AsciiText.IsHex(future[..dot]) && !future[(dot + 1)..].ContainsAnyExcept(UserCharacters);
    }

    /// <summary>Whether the text is made of the characters, percent-encoded octets and, for an IRI, characters beyond ASCII.</summary>
    private static bool Consists(ReadOnlySpan<byte> utf8, SearchValues<byte> ascii, bool isIri, bool mayBePrivate)
    {
        for (var at = utf8.IndexOfAnyExcept(ascii); at >= 0 && at < utf8.Length;)
        {
            if (ascii.Contains(utf8[at]))
            {
                at++;
                continue;
            }

            if (AsciiText.IsPercentEncodedAt(utf8, at))
            {
                at += 3;
                continue;
            }

            if (!isIri || utf8[at] < 0x80)
            {
                return false;
            }

            var codePoint = Utf8.ReadForward(utf8, ref at);
            if (!IriCharacters.IsUcs(codePoint) && !(mayBePrivate && IriCharacters.IsPrivate(codePoint)))
            {
                return false;
            }
        }

        return true;
    }

    private static SearchValues<byte> Ascii(string characters) => SearchValues.Create(System.Text.Encoding.ASCII.GetBytes(characters));
}
