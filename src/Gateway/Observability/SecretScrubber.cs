using System.Buffers;
using System.Text.RegularExpressions;

namespace Gateway.Observability;

/// <summary>
/// Removes from text whatever looks like a secret of the gateway: task tokens (also a part of one, or one with a few
/// characters percent-encoded), generated API keys, bearer credentials and webhook secrets.
/// </summary>
internal static partial class SecretScrubber
{
    private const string Removed = "[secret]";

    /// <summary>What every secret holds: most text is cleared by one fast search.</summary>
    private static readonly SearchValues<string> Marks =
        SearchValues.Create(["cbg", "whsec_", "earer"], StringComparison.Ordinal);

    /// <returns>The same instance where nothing was found.</returns>
    public static string Scrub(string text) =>
        text.AsSpan().ContainsAny(Marks) && Secrets().IsMatch(text) ? Secrets().Replace(text, Removed) : text;

    /// <remarks>The lengths are well below those of real secrets: a cut one is still worth guessing the rest of.</remarks>
    [GeneratedRegex(@"cbg[tk][A-Za-z0-9_%\-]{8,}|whsec_[A-Za-z0-9+/=_%\-]{8,}|(?<=[Bb]earer\s)[^\s""',;]{8,}", RegexOptions.CultureInvariant)]
    private static partial Regex Secrets();
}
