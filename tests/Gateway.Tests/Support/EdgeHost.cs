using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Gateway.Activities;
using Gateway.Http;
using Gateway.Http.ApiKeys;
using Gateway.Http.Errors;
using Gateway.Observability;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.Support;

/// <summary>The edge alone, on a real socket, with endpoints of the test's own behind it.</summary>
internal sealed class EdgeHost : IAsyncDisposable
{
    private readonly WebApplication app;

    private EdgeHost(WebApplication app)
    {
        this.app = app;
        Addresses = [.. app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Select(url => new Uri(url))];
        Client = new HttpClient { BaseAddress = Address };
    }

    public static TokenKeyRing Tokens { get; } = new([new TokenKey(1, RandomNumberGenerator.GetBytes(TokenKey.SecretSize))]);

    public IReadOnlyList<Uri> Addresses { get; }

    public Uri Address => Addresses[0];

    public HttpClient Client { get; }

    public IServiceProvider Services => app.Services;

    public static async Task<EdgeHost> StartAsync(
        Action<WebApplication>? map = null,
        Dictionary<string, string?>? settings = null,
        Action<WebApplicationBuilder>? configure = null,
        TimeProvider? time = null,
        params ApiKeyOptions[] keys)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseKestrelCore();
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["urls"] = "http://127.0.0.1:0" });
        builder.Configuration.AddInMemoryCollection(settings);
        GatewayLogging.Use(builder.Logging, GatewayLogging.Create(builder.Configuration));
        builder.Services.AddSingleton(time ?? TimeProvider.System);
        builder.Services.AddSingleton(Tokens);
        builder.Services.AddSingleton(new ApiKeyRing(keys));
        builder.Services.AddHttpEdge(builder.Configuration);
        configure?.Invoke(builder);
        var app = builder.Build();
        app.UseHttpEdge();
        map?.Invoke(app);
        await app.StartAsync();
        return new EdgeHost(app);
    }

    /// <summary>A configured key whose text is its name.</summary>
    public static ApiKeyOptions Key(string name, string @namespace, params string[] scopes)
    {
        var key = new ApiKeyOptions
        {
            Name = name,
            Sha256 = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(name))),
            Namespace = @namespace,
        };
        foreach (var scope in scopes)
        {
            key.Scopes.Add(scope);
        }

        return key;
    }

    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, HttpContent? content = null, string? bearer = null, string? accept = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        request.Headers.Authorization = bearer is null ? null : new AuthenticationHeaderValue("Bearer", bearer);
        if (accept is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept", accept);
        }

        return await Client.SendAsync(request);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await app.DisposeAsync();
    }
}

internal static class ProblemAssertions
{
    /// <summary>Asserts a whole problem document by its code; the document, for what the code adds.</summary>
    public static async Task<JsonObject> ShouldBeProblemAsync(this HttpResponseMessage response, string code)
    {
        var body = await response.Content.ReadAsStringAsync();
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = JsonNode.Parse(body)!.AsObject();
        var kind = ProblemKinds.Find(code)!;
        Assert.Equal(code, (string?)problem["code"]);
        Assert.Equal(kind.Status, (int)response.StatusCode);
        Assert.Equal(kind.Status, (int?)problem["status"]);
        Assert.Equal(kind.Title, (string?)problem["title"]);
        Assert.Equal($"/problems/{code}", (string?)problem["type"]);
        Assert.Equal(32, ((string?)problem["traceId"])?.Length);
        Assert.NotEmpty((string?)problem["detail"] ?? "");
        return problem;
    }
}
