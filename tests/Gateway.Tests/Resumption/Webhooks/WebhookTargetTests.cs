using Gateway.Activities;
using Gateway.Resumption.Webhooks;

namespace Gateway.Tests.Resumption.Webhooks;

public sealed class WebhookTargetTests
{
    [Theory]
    [InlineData("https://runner.example.com/hook")]
    [InlineData("http://runner.example.com:8080/hook?tenant=7&x=%20")]
    [InlineData("http://127.0.0.1:5000")]
    [InlineData("https://[2001:4860::1]/")]
    [InlineData("https://bücher.example/ä")]
    public void A_web_address_is_accepted(string url) => Assert.Empty(WebhookTarget.Validate(url, null));

    [Theory]
    [InlineData(null, "must be given")]
    [InlineData("", "must be given")]
    [InlineData("/hook", "must be an absolute http or https URL")]
    [InlineData("runner.example.com/hook", "must be an absolute http or https URL")]
    [InlineData("ftp://runner.example.com/", "must be an absolute http or https URL")]
    [InlineData("file:///etc/passwd", "must be an absolute http or https URL")]
    [InlineData("gopher://x", "must be an absolute http or https URL")]
    [InlineData("https://", "must be an absolute http or https URL")]
    [InlineData(" https://runner.example.com/", "must be an absolute http or https URL")]
    [InlineData("https://runner.example.com/\n", "must be an absolute http or https URL")]
    [InlineData("https://runner.example.com/a b", "must be an absolute http or https URL")]
    [InlineData("https:\\\\runner.example.com", "must be an absolute http or https URL")]
    [InlineData("https://runner.example.com:99999/", "must be an absolute http or https URL")]
    [InlineData("https://user:secret@runner.example.com/", "must not hold user information; use a header")]
    [InlineData("https://user@runner.example.com/", "must not hold user information; use a header")]
    [InlineData("https://@runner.example.com/", "must not hold user information; use a header")]
    [InlineData("https://runner.example.com/#x", "must not have a fragment")]
    [InlineData("https://runner.example.com/#", "must not have a fragment")]
    [InlineData("https://runner.example.com:0/", "must not have port 0")]
    public void What_is_none_is_refused_by_field(string? url, string error)
    {
        var (field, text) = Assert.Single(WebhookTarget.Validate(url, null));

        Assert.Equal(("url", error), (field, text));
    }

    [Fact]
    public void A_url_has_at_most_2048_characters()
    {
        var longest = "https://runner.example.com/".PadRight(2_048, 'x');

        Assert.Empty(WebhookTarget.Validate(longest, null));
        Assert.Equal("must have at most 2048 characters", WebhookTarget.Validate(longest + "x", null)["url"]);
    }

    [Theory]
    [InlineData("Authorization", "Bearer abc")]
    [InlineData("X-Tenant", "")]
    [InlineData("x!#$%&'*+-.^_`|~9", "a\tb c")]
    public void An_own_header_is_accepted(string name, string value) => Assert.Empty(Validate(name, value));

    [Theory]
    [InlineData("webhook-id")]
    [InlineData("Webhook-Signature")]
    [InlineData("WEBHOOK-TIMESTAMP")]
    [InlineData("Host")]
    [InlineData("Content-Type")]
    [InlineData("content-length")]
    [InlineData("Transfer-Encoding")]
    [InlineData("Connection")]
    [InlineData("Expect")]
    [InlineData("User-Agent")]
    public void A_header_of_the_gateway_cannot_be_overridden(string name) =>
        Assert.Equal("must be left out; the gateway sets this header itself", Validate(name, "x")[$"headers.{name}"]);

    [Theory]
    [InlineData("")]
    [InlineData("X Tenant")]
    [InlineData("X-Tenant:")]
    [InlineData("X-Ténant")]
    [InlineData("X-Tenant\r\nEvil")]
    public void A_name_outside_the_grammar_is_refused(string name) =>
        Assert.StartsWith("must be a header name", Validate(name, "x")[$"headers.{name}"], StringComparison.Ordinal);

    [Theory]
    [InlineData(null)]
    [InlineData("a\r\nEvil: 1")]
    [InlineData("a\0")]
    [InlineData("ä")]
    [InlineData(" a")]
    [InlineData("a ")]
    public void A_value_that_could_split_the_message_is_refused_and_not_repeated(string? value)
    {
        var error = Validate("X-Tenant", value)["headers.X-Tenant"];

        Assert.Equal("must have a value of at most 4096 visible ASCII characters, without space around them", error);
    }

    [Fact]
    public void At_most_32_headers_each_once()
    {
        var many = Enumerable.Range(0, 33).ToDictionary(i => $"x-{i}", _ => (string?)"v");
        var twice = new Dictionary<string, string?> { ["X-A"] = "1", ["x-a"] = "2" };

        Assert.Equal("must be at most 32", WebhookTarget.Validate("https://x.example", many)["headers"]);
        Assert.Equal("must stand there once; letter case does not count", WebhookTarget.Validate("https://x.example", twice)["headers.x-a"]);
    }

    [Fact]
    public void Headers_come_back_from_the_stored_target()
    {
        var headers = new Dictionary<string, string?> { ["Authorization"] = "Bearer \"q\"", ["X-A"] = "" };

        var target = WebhookTarget.Create("https://x.example/?a=b", headers);

        Assert.Equal((ResumeKind.Webhook, "https://x.example/?a=b"), (target.Kind, target.Address));
        Assert.Equal(headers!, WebhookTarget.Headers(target).ToDictionary());
        Assert.Null(WebhookTarget.Create("https://x.example/", new Dictionary<string, string?>()).Options);
        Assert.DoesNotContain("Bearer", target.ToString(), StringComparison.Ordinal);
    }

    private static IReadOnlyDictionary<string, string> Validate(string name, string? value) =>
        WebhookTarget.Validate("https://x.example/", new Dictionary<string, string?> { [name] = value });
}
