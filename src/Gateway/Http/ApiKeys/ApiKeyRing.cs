using System.Security.Cryptography;
using System.Text;
using Gateway.Activities;

namespace Gateway.Http.ApiKeys;

/// <summary>The keys that may call the runner API. Immutable; safe for use by many threads at once.</summary>
internal sealed class ApiKeyRing
{
    /// <summary>No key of ours is longer; a longer text is not worth hashing.</summary>
    private const int MaxKeyLength = 1024;

    private readonly (byte[] Hash, ApiKeyIdentity Identity)[] keys;

    public ApiKeyRing(IEnumerable<ApiKeyOptions> configured)
    {
        keys = [.. configured.Select(key => (
            Convert.FromHexString(key.Sha256!),
            new ApiKeyIdentity(key.Name!, key.Namespace, key.Scopes.ToHashSet(StringComparer.Ordinal))))];
    }

    /// <summary>
    /// Whose key it is, or null. All keys are compared, each in constant time, so that the time tells nothing about which
    /// one was close.
    /// </summary>
    public ApiKeyIdentity? Find(string key)
    {
        if (key.Length is 0 or > MaxKeyLength)
        {
            return null;
        }

        Span<byte> hash = stackalloc byte[Sha256.Size];
        Sha256.Hash(Encoding.UTF8.GetBytes(key), hash);
        ApiKeyIdentity? found = null;
        foreach (var (known, identity) in keys)
        {
            if (CryptographicOperations.FixedTimeEquals(known, hash))
            {
                found = identity;
            }
        }

        return found;
    }
}
