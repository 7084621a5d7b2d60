using System.Security.Cryptography;

namespace Gateway.Activities;

/// <summary>
/// SHA-256 (FIPS 180-4). One hasher a thread, used again: every completion takes a hash and every registration several, and a
/// new one costs twice as long as the hash of a short text itself.
/// </summary>
internal static class Sha256
{
    public const int Size = SHA256.HashSizeInBytes;

    [ThreadStatic]
    private static IncrementalHash? hasher;

    /// <param name="hash">Takes <see cref="Size"/> bytes.</param>
    public static void Hash(ReadOnlySpan<byte> bytes, Span<byte> hash)
    {
        var own = hasher ??= IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        own.AppendData(bytes);
        own.GetHashAndReset(hash);
    }
}
