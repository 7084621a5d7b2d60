using System.Security.Cryptography;
using Gateway.Persistence;

namespace Gateway.Resumption.Webhooks;

/// <summary>The secrets that sign webhooks, the first one first. Never shown: its text says only how many there are.</summary>
internal sealed class WebhookSecrets
{
    public const string FileName = "webhook.secret";

    private const string Prefix = "whsec_";
    private const int LeastSize = 24;
    private const int MostSize = 64;
    private const int GeneratedSize = 32;

    private WebhookSecrets(IReadOnlyList<byte[]> keys) => Keys = keys;

    public IReadOnlyList<byte[]> Keys { get; }

    /// <summary>Secrets from configuration, already validated.</summary>
    public static WebhookSecrets Configured(IEnumerable<string> secrets) =>
        new([.. secrets.Select(secret => Parse(secret) ?? throw new ArgumentException("Not a signing secret.", nameof(secrets)))]);

    /// <summary>
    /// The secret in <c>webhook.secret</c> of the data directory; made on the first call, with mode 0600. Receivers know
    /// it, so it belongs into the backup.
    /// </summary>
    /// <exception cref="StartupException">The file holds no signing secret.</exception>
    public static WebhookSecrets InDirectory(string directory)
    {
        DataDirectory.Create(directory);
        var path = Path.Combine(directory, FileName);
        if (!File.Exists(path))
        {
            DataDirectory.WriteSecret(path, Prefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(GeneratedSize)) + "\n");
        }

        var key = Parse(File.ReadAllText(path).Trim())
            ?? throw new StartupException($"The file {path} holds no signing secret (whsec_<base64 of 24 to 64 bytes>).");
        return new WebhookSecrets([key]);
    }

    /// <summary>The bytes of <c>whsec_&lt;base64&gt;</c>, or null where the text is none.</summary>
    public static byte[]? Parse(string text)
    {
        if (!text.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return null;
        }

        Span<byte> bytes = stackalloc byte[MostSize];
        return Convert.TryFromBase64String(text[Prefix.Length..], bytes, out var size) && size >= LeastSize ? bytes[..size].ToArray() : null;
    }

    public override string ToString() => $"{Keys.Count} signing secrets";
}
