using System.Security.Cryptography;
using System.Text;
using Gateway.Activities;

namespace Gateway.Tests.Activities;

public sealed class TokenKeyRingTests
{
    private static readonly TokenKey First = new(1, [.. Enumerable.Range(0, 32).Select(i => (byte)i)]);
    private static readonly TokenKey Second = new(200, [.. Enumerable.Range(0, 32).Select(i => (byte)(i * 7))]);
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly ActivityId Id = new(Guid.Parse("01980000-0000-7000-8000-0123456789ab"));
    private static readonly TaskToken Claims = new(Id, Capabilities.Complete | Capabilities.Read, 258, Now.AddMinutes(5));

    /// <summary>The layout of the contract, byte by byte, with a MAC from another implementation of HMAC's definition.</summary>
    [Fact]
    public void A_token_has_the_published_layout()
    {
        var text = new TokenKeyRing([First]).Issue(Claims);

        var bytes = Convert.FromBase64String(text.Replace('-', '+').Replace('_', '/'));
        Assert.Equal(60, text.Length);
        Assert.Equal(45, bytes.Length);
        Assert.StartsWith("cbgt", text, StringComparison.Ordinal);
        Assert.Equal(1, bytes[3]);
        Assert.Equal(17, bytes[4]);
        Assert.Equal([1, 2], bytes[5..7]);
        var minutes = (uint)(Now.AddMinutes(5).ToUnixTimeSeconds() / 60);
        Assert.Equal([(byte)(minutes >> 24), (byte)(minutes >> 16), (byte)(minutes >> 8), (byte)minutes], bytes[7..11]);
        Assert.Equal("01980000000070008000" + "0123456789AB", Convert.ToHexString(bytes[11..27]));
        Assert.Equal(Hmac(First.Secret, bytes[..27])[..18], bytes[27..]);
    }

    [Fact]
    public void The_same_claims_give_the_same_token_and_verify_to_themselves()
    {
        var ring = new TokenKeyRing([First]);
        Assert.Equal(ring.Issue(Claims), ring.Issue(Claims));
        Assert.Equal(Claims, ring.Verify(ring.Issue(Claims)));
        var lasting = Claims with { ExpiresAt = null, Generation = ushort.MaxValue, Capabilities = Capabilities.All };
        Assert.Equal(lasting, ring.Verify(ring.Issue(lasting)));
    }

    [Fact]
    public void Changing_any_single_character_makes_a_token_unknown()
    {
        var ring = new TokenKeyRing([First]);
        var text = ring.Issue(Claims);
        for (var i = 0; i < text.Length; i++)
        {
            var mangled = new StringBuilder(text) { [i] = text[i] == 'A' ? 'B' : 'A' }.ToString();
            Assert.Null(ring.Verify(mangled));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("cbgt")]
    [InlineData("{0}A")]
    [InlineData("{0}=")]
    [InlineData("{0}\n")]
    [InlineData(" {0}")]
    public void Only_sixty_characters_of_the_alphabet_are_looked_at(string form)
    {
        var ring = new TokenKeyRing([First]);
        Assert.Null(ring.Verify(form.Replace("{0}", ring.Issue(Claims), StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData('+', '-')]
    [InlineData('/', '_')]
    [InlineData('=', 'A')]
    [InlineData('é', 'A')]
    public void Another_alphabet_is_refused(char foreign, char own)
    {
        var ring = new TokenKeyRing([First]);
        var text = ring.Issue(Claims);
        var place = text.IndexOf(own, StringComparison.Ordinal);
        var mangled = new StringBuilder(text) { [place < 0 ? 10 : place] = foreign }.ToString();
        Assert.Null(ring.Verify(mangled));
    }

    [Fact]
    public void A_rotated_ring_signs_with_the_first_key_and_verifies_with_all()
    {
        var old = new TokenKeyRing([First]).Issue(Claims);
        var rotated = new TokenKeyRing([Second, First]);
        Assert.Equal(Claims, rotated.Verify(old));
        Assert.NotEqual(old, rotated.Issue(Claims));
        Assert.Equal(Claims, rotated.Verify(rotated.Issue(Claims)));
        Assert.Null(new TokenKeyRing([Second]).Verify(old));
    }

    [Fact]
    public void A_key_of_the_same_id_and_another_secret_verifies_nothing()
    {
        var forged = new TokenKeyRing([new TokenKey(1, RandomNumberGenerator.GetBytes(32))]).Issue(Claims);
        Assert.Null(new TokenKeyRing([First]).Verify(forged));
    }

    [Fact]
    public void An_expiry_is_rounded_up_to_its_minute_and_ends_with_it()
    {
        var token = Claims with { ExpiresAt = TokenKeyRing.RoundUpToMinute(Now.AddSeconds(61)) };
        Assert.Equal(Now.AddMinutes(2), token.ExpiresAt);
        Assert.False(token.IsExpired(Now.AddMinutes(2).AddTicks(-1)));
        Assert.True(token.IsExpired(Now.AddMinutes(2)));
        Assert.False((Claims with { ExpiresAt = null }).IsExpired(DateTimeOffset.MaxValue));
    }

    [Fact]
    public void The_text_of_keys_and_claims_holds_no_secret()
    {
        Assert.DoesNotContain(Convert.ToBase64String(First.Secret), First.ToString(), StringComparison.Ordinal);
        Assert.Equal("token key 1", First.ToString());
    }

    /// <summary>RFC 2104 written out, so that the expected value does not come from the code under test.</summary>
    private static byte[] Hmac(byte[] key, byte[] text)
    {
        var block = new byte[64];
        key.CopyTo(block, 0);
        var inner = SHA256.HashData([.. block.Select(b => (byte)(b ^ 0x36)), .. text]);
        return SHA256.HashData([.. block.Select(b => (byte)(b ^ 0x5C)), .. inner]);
    }
}
