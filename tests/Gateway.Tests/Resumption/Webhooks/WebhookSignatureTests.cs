using System.Security.Cryptography;
using System.Text;
using Gateway.Resumption.Webhooks;

namespace Gateway.Tests.Resumption.Webhooks;

public sealed class WebhookSignatureTests
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string Id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    private const string Body = """{"test": 2432232314}""";
    private static readonly DateTimeOffset At = DateTimeOffset.FromUnixTimeSeconds(1614265330);

    [Fact]
    public void The_example_of_the_standard_is_signed_as_published() =>
        Assert.Equal("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", Sign([Secret], Id, At, Body));

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("""{"ä":"€ 😀"}""")]
    public void Any_body_is_signed_by_the_definition_of_hmac(string body)
    {
        var signed = $"{Id}.1614265330.{body}";

        Assert.Equal("v1," + Convert.ToBase64String(Hmac(Key(Secret), signed)), Sign([Secret], Id, At, body));
    }

    [Fact]
    public void A_key_as_long_as_a_block_of_the_hash_signs()
    {
        var block = "whsec_" + Convert.ToBase64String(Enumerable.Range(0, 64).Select(i => (byte)i).ToArray());

        Assert.Equal("v1," + Convert.ToBase64String(Hmac(Key(block), $"{Id}.1614265330.{Body}")), Sign([block], Id, At, Body));
    }

    [Fact]
    public void Every_secret_signs_and_the_first_one_first()
    {
        const string Other = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

        var both = Sign([Other, Secret], Id, At, Body).Split(' ');

        Assert.Equal([Sign([Other], Id, At, Body), Sign([Secret], Id, At, Body)], both);
    }

    [Fact]
    public void Another_id_time_or_body_is_another_signature()
    {
        string[] signatures =
        [
            Sign([Secret], Id, At, Body),
            Sign([Secret], Id + "x", At, Body),
            Sign([Secret], Id, At.AddSeconds(1), Body),
            Sign([Secret], Id, At, Body + " "),
        ];

        Assert.Distinct(signatures);
    }

    private static string Sign(string[] secrets, string id, DateTimeOffset at, string body) =>
        WebhookSignature.Sign([.. secrets.Select(Key)], id, at, Encoding.UTF8.GetBytes(body));

    private static byte[] Key(string secret) => Convert.FromBase64String(secret["whsec_".Length..]);

    /// <summary>RFC 2104, written out: H(K ⊕ opad, H(K ⊕ ipad, text)).</summary>
    private static byte[] Hmac(byte[] key, string text)
    {
        var block = new byte[64];
        key.CopyTo(block, 0);
        byte[] Pad(byte with) => [.. block.Select(b => (byte)(b ^ with))];
        var inner = SHA256.HashData([.. Pad(0x36), .. Encoding.UTF8.GetBytes(text)]);
        return SHA256.HashData([.. Pad(0x5c), .. inner]);
    }
}
