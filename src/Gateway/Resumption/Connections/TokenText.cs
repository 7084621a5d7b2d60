using System.Buffers.Text;

namespace Gateway.Resumption.Connections;

/// <summary>An engine's task token as runners write it down: base64 or base64url, with or without padding.</summary>
internal static class TokenText
{
    public const int MaxLength = 8_192;

    /// <summary>Null where the text is neither.</summary>
    public static byte[]? Decode(string text)
    {
        if (text.Length is 0 or > MaxLength || text.Any(char.IsWhiteSpace))
        {
            return null;
        }

        try
        {
            return Base64Url.DecodeFromChars(text.TrimEnd('=').Replace('+', '-').Replace('/', '_'));
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
