using Gateway.Http.ApiKeys;
using Gateway.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Gateway.Tests.Http.ApiKeys;

public sealed class ApiKeyTests(ApiKeyTests.Fixture fixture) : IClassFixture<ApiKeyTests.Fixture>
{
    private readonly EdgeHost host = fixture.Host;

    [Theory]
    [InlineData("all", "all True")]
    [InlineData("other", "other False")]
    public async Task A_known_key_with_the_scope_gets_in(string key, string expected)
    {
        using var response = await host.SendAsync(HttpMethod.Get, "/internal/activities", bearer: key);
        Assert.Equal(expected, await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("unknown")]
    [InlineData("ALL")]
    [InlineData("")]
    public async Task Without_a_known_key_nobody_gets_in(string? key)
    {
        using var response = await host.SendAsync(HttpMethod.Get, "/internal/activities", bearer: key);
        await response.ShouldBeProblemAsync("unauthenticated");
        Assert.Equal("Bearer", response.Headers.WwwAuthenticate.Single().Scheme);
    }

    [Fact]
    public async Task A_key_without_the_scope_is_told_which_one_it_lacks()
    {
        using var response = await host.SendAsync(HttpMethod.Get, "/internal/activities", bearer: "narrow");
        var problem = await response.ShouldBeProblemAsync("forbidden");
        Assert.Contains("lacks the scope operate", (string?)problem["detail"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ApiKeys:0:name", "", "ApiKeys:0:name must name the key.")]
    [InlineData("ApiKeys:0:sha256", "abc", "ApiKeys:0:sha256 must be the SHA-256 of the key, 64 hexadecimal digits.")]
    [InlineData("ApiKeys:0:namespace", " ", "ApiKeys:0:namespace must be a namespace, or * for all.")]
    [InlineData("ApiKeys:0:scopes:0", "write", "ApiKeys:0:scopes must be one or more of register, resume, complete, operate.")]
    [InlineData("ApiKeys:1:name", "a", "ApiKeys: the name 'a' stands for more than one key.")]
    public void A_wrong_value_is_named_by_its_key(string key, string value, string expected)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ApiKeys:0:name"] = "a",
            ["ApiKeys:0:sha256"] = new string('0', 64),
            ["ApiKeys:0:scopes:0"] = "register",
            ["ApiKeys:1:name"] = "b",
            ["ApiKeys:1:sha256"] = new string('f', 64),
            ["ApiKeys:1:scopes:0"] = "resume",
            [key] = value,
        }).Build();
        using var services = new ServiceCollection().AddLogging().AddApiKeys(configuration).BuildServiceProvider();
        var failure = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IOptions<ApiKeysOptions>>().Value);
        Assert.Equal([expected], failure.Failures);
    }

    public sealed class Fixture : EdgeFixture
    {
        internal override Task<EdgeHost> StartAsync() => EdgeHost.StartAsync(
            app => app.MapGet("/internal/activities", (HttpContext context) =>
                $"{context.ApiKey().Name} {context.ApiKey().Allows("default")}").RequireScope(ApiKeyScopes.Operate),
            keys: [EdgeHost.Key("all", "*", "register", "operate"), EdgeHost.Key("narrow", "default", "resume"), EdgeHost.Key("other", "other", "operate")]);
    }
}
