using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Gateway.Activities;

/// <summary>One signing key.</summary>
/// <param name="Id">Stands in every token it signs.</param>
/// <param name="Secret">32 random bytes.</param>
internal sealed record TokenKey(byte Id, byte[] Secret)
{
    public const int SecretSize = 32;

    public override string ToString() => $"token key {Id}";
}

/// <summary>
/// Issues and verifies task tokens. The first key signs, all verify: rotate by putting a new key in front and dropping
/// the old one when no pending activity carries it any more.
/// </summary>
/// <remarks>
/// Layout, integers big-endian: magic (3 bytes), key id (1), capabilities (1), generation (2), expiry in Unix minutes (4,
/// 0 for none), activity id (16), then the first 18 bytes of HMAC-SHA-256 over those 27.
/// </remarks>
internal sealed class TokenKeyRing
{
    private const int ClaimsSize = 27;
    private const int MacSize = 18;
    private const int TokenSize = ClaimsSize + MacSize;

    private static readonly SearchValues<char> Alphabet =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    private readonly Signer signer;
    private readonly Signer?[] signers = new Signer?[256];

    public TokenKeyRing(IReadOnlyList<TokenKey> ring)
    {
        foreach (var key in ring)
        {
            signers[key.Id] = new Signer(key);
        }

        signer = signers[ring[0].Id]!;
    }

    /// <summary>The bytes whose base64url text is <c>cbgt</c>, so that secret scanners can find a leaked token.</summary>
    private static ReadOnlySpan<byte> Magic => [0x71, 0xB8, 0x2D];

    public string Issue(TaskToken token)
    {
        Span<byte> bytes = stackalloc byte[TokenSize];
        Magic.CopyTo(bytes);
        bytes[3] = signer.KeyId;
        bytes[4] = (byte)token.Capabilities;
        BinaryPrimitives.WriteUInt16BigEndian(bytes[5..], checked((ushort)token.Generation));
        BinaryPrimitives.WriteUInt32BigEndian(bytes[7..], ToMinutes(token.ExpiresAt));
        token.ActivityId.Write(bytes[11..]);
        signer.Sign(bytes[..ClaimsSize], bytes[ClaimsSize..]);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>
    /// The claims of a genuine token, or null: malformed, forged and signed by an unknown key do not differ. No I/O, no
    /// exception. The text is checked before it is decoded, because the decoder would accept padding and white space.
    /// </summary>
    public TaskToken? Verify(ReadOnlySpan<char> text)
    {
        if (text.Length != TaskToken.TextLength || text.ContainsAnyExcept(Alphabet))
        {
            return null;
        }

        Span<byte> bytes = stackalloc byte[TokenSize];
        if (!Base64Url.TryDecodeFromChars(text, bytes, out var written) || written != TokenSize
            || !bytes[..3].SequenceEqual(Magic) || signers[bytes[3]] is not { } signing)
        {
            return null;
        }

        Span<byte> mac = stackalloc byte[MacSize];
        signing.Sign(bytes[..ClaimsSize], mac);
        if (!CryptographicOperations.FixedTimeEquals(mac, bytes[ClaimsSize..]))
        {
            return null;
        }

        var minutes = BinaryPrimitives.ReadUInt32BigEndian(bytes[7..]);
        return new TaskToken(
            ActivityId.Read(bytes.Slice(11, ActivityId.Size)),
            (Capabilities)bytes[4],
            BinaryPrimitives.ReadUInt16BigEndian(bytes[5..]),
            minutes == 0 ? null : DateTimeOffset.UnixEpoch.AddMinutes(minutes));
    }

    /// <summary>A token never ends before the moment it was asked to live to: the minute is rounded up.</summary>
    public static DateTimeOffset RoundUpToMinute(DateTimeOffset instant) =>
        DateTimeOffset.UnixEpoch.AddMinutes(Math.Ceiling((instant - DateTimeOffset.UnixEpoch).TotalMinutes));

    private static uint ToMinutes(DateTimeOffset? expiresAt) =>
        expiresAt is { } instant ? checked((uint)(instant - DateTimeOffset.UnixEpoch).TotalMinutes) : 0;

    /// <summary>One key's MAC. Hashers are used again: to key one anew takes twice as long as the MAC itself.</summary>
    private sealed class Signer(TokenKey key)
    {
        private readonly ConcurrentBag<HMACSHA256> idle = [];

        public byte KeyId => key.Id;

        public void Sign(ReadOnlySpan<byte> claims, Span<byte> mac)
        {
            if (!idle.TryTake(out var hasher))
            {
                hasher = new HMACSHA256(key.Secret);
            }

            Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
            hasher.TryComputeHash(claims, hash, out _);
            idle.Add(hasher);
            hash[..MacSize].CopyTo(mac);
        }
    }
}
