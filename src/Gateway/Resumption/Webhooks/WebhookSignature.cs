using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Gateway.Resumption.Webhooks;

/// <summary>
/// Standard Webhooks (https://github.com/standard-webhooks/standard-webhooks, specification 1.0), symmetric form:
/// HMAC-SHA-256 over <c>id.timestamp.body</c>, written <c>v1,&lt;base64&gt;</c>; one signature per secret, separated by
/// spaces, so that a receiver can check with either secret while they rotate.
/// </summary>
internal static class WebhookSignature
{
    public const string IdHeader = "webhook-id";
    public const string TimestampHeader = "webhook-timestamp";
    public const string SignatureHeader = "webhook-signature";

    /// <summary>The value of <see cref="SignatureHeader"/>.</summary>
    /// <param name="id">The same in every attempt; holds no dot.</param>
    /// <param name="at">The moment of this attempt; receivers refuse old ones, so that nobody can replay it.</param>
    public static string Sign(IReadOnlyList<byte[]> secrets, string id, DateTimeOffset at, ReadOnlySpan<byte> body)
    {
        var prefix = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{at.ToUnixTimeSeconds()}."));
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        var header = new StringBuilder();
        foreach (var secret in secrets)
        {
            using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret);
            mac.AppendData(prefix);
            mac.AppendData(body);
            mac.GetHashAndReset(hash);
            header.Append(header.Length == 0 ? "v1," : " v1,").Append(Convert.ToBase64String(hash));
        }

        return header.ToString();
    }
}
