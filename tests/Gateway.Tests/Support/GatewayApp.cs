using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Gateway.Tests.Support;

/// <summary>The whole gateway on a real socket, with a data directory of its own.</summary>
internal sealed class GatewayApp : WebApplicationFactory<Program>
{
    private readonly Dictionary<string, string?> settings;
    private readonly Action<IServiceCollection>? configure;
    private readonly TestData data;
    private readonly bool ownsData;
    private readonly TaskCompletionSource letGo = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private HttpClient? runner;

    private GatewayApp(
        TestData data, bool ownsData, Dictionary<string, string?>? settings, TimeProvider? time, Action<IServiceCollection>? configure)
    {
        this.settings = settings ?? [];
        this.configure = services =>
        {
            if (time is not null)
            {
                services.AddSingleton(time);
            }

            configure?.Invoke(services);
        };
        (this.data, this.ownsData) = (data, ownsData);
        // Not with a port: the factory sets it while the gateway already starts, and sometimes too late.
        UseKestrel();
        StartServer();
        Outside = Client(null);
    }

    public string Directory => data.Directory;

    /// <summary>Somebody outside, without credentials but the token.</summary>
    public HttpClient Outside { get; }

    /// <summary>The runner, with a key that may do everything.</summary>
    public HttpClient Runner => runner ??= Client(data.RunnerKey);

    /// <param name="data">Data to go on with, or to share with another node; null makes some that is deleted at the end.</param>
    public static GatewayApp Start(
        Dictionary<string, string?>? settings = null,
        TimeProvider? time = null,
        Action<IServiceCollection>? configure = null,
        TestData? data = null,
        Store store = Store.Sqlite) => new(data ?? TestData.Create(store), data is null, settings, time, configure);

    public HttpClient Client(string? apiKey)
    {
        var client = CreateClient();
        client.Timeout = TimeSpan.FromSeconds(100);
        client.DefaultRequestHeaders.Authorization = apiKey is null ? null : new AuthenticationHeaderValue("Bearer", apiKey);
        return client;
    }

    /// <summary>Registers an activity; the registration must succeed.</summary>
    public async Task<Pending> RegisterAsync(string json)
    {
        using var response = await Runner.PostAsync("/internal/activities", Json(json));
        var body = await response.Content.ReadFromJsonAsync<JsonObject>();
        Assert.True(response.IsSuccessStatusCode, body!.ToJsonString());
        return new Pending((string)body!["id"]!, (string)body["taskToken"]!);
    }

    /// <summary>Registers an activity under ids that no other test uses.</summary>
    /// <param name="more">Further members, each with a leading comma.</param>
    public Task<Pending> RegisterAnyAsync(string more = "") =>
        RegisterAsync($$"""{"workflowId":"w-{{Guid.NewGuid():N}}","activityId":"a"{{more}}}""");

    public Task<HttpResponseMessage> CallAsync(Pending activity, string call, string? json) =>
        Outside.PostAsync($"/activities/{activity.Token}/{call}", json is null ? null : Json(json));

    /// <summary>Completes an activity with any result; the call must succeed.</summary>
    public async Task CompleteAsync(Pending activity)
    {
        using var answer = await CallAsync(activity, "complete", "1");
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    public async Task<JsonObject> GetAsync(string path) => (await Runner.GetFromJsonAsync<JsonObject>(path))!;

    public async Task<JsonObject> PostAsync(string path, string json)
    {
        using var response = await Runner.PostAsync(path, Json(json));
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!.AsObject();
    }

    public static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Testing");
        builder.UseSetting("urls", "http://127.0.0.1:0");
        builder.UseSetting("Serilog:MinimumLevel:Default", "Fatal");
        builder.UseSetting("Serilog:MinimumLevel:Override:Microsoft.AspNetCore", "Fatal");
        // A test that brings its own API keys means no others.
        var ownKeys = settings.ContainsKey("ApiKeys:0:name");
        foreach (var (key, value) in data.Settings().Where(setting => !ownKeys || !setting.Key.StartsWith("ApiKeys:", StringComparison.Ordinal)).Concat(settings))
        {
            builder.UseSetting(key, value);
        }

        builder.ConfigureTestServices(services =>
        {
            services.AddSingleton<IHostLifetime>(_ => new ProgramHost.Lifetime(letGo));
            configure?.Invoke(services);
        });
    }

    protected override IHost CreateHost(IHostBuilder builder)
    {
        var host = base.CreateHost(builder);
        // The factory waits for the start or for the program's end, and takes an end for a start.
        if (!host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStarted.IsCancellationRequested)
        {
            host.Dispose();
            throw new InvalidOperationException("The gateway did not start; its line on the standard error says why.");
        }

        return new ProgramHost(host, letGo.Task);
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing && ownsData)
        {
            data.Dispose();
        }
    }
}

/// <summary>A registered activity as a test holds it.</summary>
internal sealed record Pending(string Id, string Token);
