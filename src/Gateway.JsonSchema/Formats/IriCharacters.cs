namespace Gateway.JsonSchema.Formats;

/// <summary>The characters beyond ASCII that RFC 3987 section 2.2 lets into identifiers.</summary>
internal static class IriCharacters
{
    /// <summary><c>ucschar</c></summary>
    internal static bool IsUcs(int codePoint) => codePoint switch
    {
        < 0xA0 => false,
        <= 0xD7FF => true,
        < 0xF900 => false,
        <= 0xFFEF => codePoint is not (>= 0xFDD0 and <= 0xFDEF),
        < 0x10000 => false,

        // The last two code points of each plane are no characters; plane 14 begins with tags.
        _ => codePoint < 0xF0000 && (codePoint & 0xFFFF) < 0xFFFE && codePoint is not (>= 0xE0000 and < 0xE1000),
    };

    /// <summary><c>iprivate</c></summary>
    internal static bool IsPrivate(int codePoint) =>
        codePoint is (>= 0xE000 and <= 0xF8FF) or (>= 0xF0000 and <= 0xFFFFD) or (>= 0x100000 and <= 0x10FFFD);
}
