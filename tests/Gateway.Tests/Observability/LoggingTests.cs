using System.Buffers;
using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Gateway.Activities;
using Gateway.Http;
using Gateway.Http.Bodies;
using Gateway.Observability;
using Gateway.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Serilog.Core;
using Serilog.Events;

namespace Gateway.Tests.Observability;

public sealed class LoggingTests
{
    private readonly Lines lines = new();
    private readonly TaskCompletionSource reading = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task A_request_is_one_line_with_the_route_and_the_activity_and_without_the_path()
    {
        await using var host = await StartAsync("Information");
        var id = ActivityId.New(TimeProvider.System.GetUtcNow());
        var token = EdgeHost.Tokens.Issue(new TaskToken(id, Capabilities.All, 0, null));
        using var response = await host.Client.GetAsync($"/activities/{token}");
        var line = JsonNode.Parse(await lines.WaitAsync("RequestLine"))!;
        Assert.Equal("/activities/{token}", (string?)line["Route"]);
        Assert.Equal("GET", (string?)line["Method"]);
        Assert.Equal(200, (int?)line["Status"]);
        Assert.Equal(id.ToString(), (string?)line["ActivityId"]);
        Assert.NotNull(line["Milliseconds"]);
        Assert.Equal(32, ((string?)line["@tr"])?.Length);
        Assert.Null(line["RequestPath"]);
    }

    [Fact]
    public async Task A_failed_request_names_its_final_status_and_problem()
    {
        await using var host = await StartAsync("Information");
        using var response = await host.Client.GetAsync("/throw");
        var line = JsonNode.Parse(await lines.WaitAsync("RequestLine"))!;
        Assert.Equal((500, "internal-error", "Warning"), ((int)line["Status"]!, (string?)line["Problem"], (string?)line["@l"]));
        Assert.Equal("/throw", (string?)line["Route"]);
    }

    [Theory]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "0af7651916cd43dd8448eb211c80319c")]
    [InlineData("00-nonsense", null)]
    [InlineData(null, null)]
    public async Task All_that_is_said_of_a_request_has_one_trace_the_callers_where_it_sent_one(string? sent, string? expected)
    {
        await using var host = await StartAsync("Information");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/throw");
        if (sent is not null)
        {
            request.Headers.TryAddWithoutValidation("traceparent", sent);
        }

        using var response = await host.Client.SendAsync(request);
        var trace = (string?)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["traceId"];
        Assert.Equal(expected ?? trace, trace);
        Assert.Equal(32, trace!.Length);
        Assert.Equal(trace, (string?)JsonNode.Parse(await lines.WaitAsync("RequestLine"))!["@tr"]);
        Assert.Equal(trace, (string?)JsonNode.Parse(await lines.WaitAsync("Failures"))!["@tr"]);
    }

    [Fact]
    public async Task At_the_lowest_level_no_line_holds_a_token_or_a_key()
    {
        await using var host = await StartAsync("Verbose");
        var token = EdgeHost.Tokens.Issue(new TaskToken(ActivityId.New(TimeProvider.System.GetUtcNow()), Capabilities.All, 0, null));
        const string key = "cbgk_abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";
        string[] targets = [$"/activities/{token}", $"/throw/{token}", $"/nowhere/{token}", $"/activities/%63{token[1..]}", $"/problems/{token}?x={token}"];
        foreach (var target in targets)
        {
            using var response = await host.SendAsync(HttpMethod.Get, target, bearer: key);
        }

        // The server writes a malformed request line into its own log.
        await RawHttp.SendAsync(host.Address, $"GET /activities/{token} HTTP/1.1 extra\r\n\r\n");
        var logger = host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Canary");
#pragma warning disable CA2254 // The template itself is the leak under test.
        logger.LogError(new InvalidOperationException($"inner {token}", new IOException(key)), $"interpolated {token} with {{Key}} and {{@Many}}", key, new[] { token });
#pragma warning restore CA2254
        await lines.WaitAsync("Canary");
        Assert.True(lines.Count > 20, $"Only {lines.Count} lines: the level did not apply.");
        Assert.Empty(lines.Containing(token[4..]));
        Assert.Empty(lines.Containing(key[5..]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_caller_that_goes_in_the_middle_of_its_body_is_no_bug(bool reset)
    {
        await using var host = await StartAsync("Information");
        await using (var raw = await RawHttp.ConnectAsync(host.Address))
        {
            await raw.WriteAsync("POST /body HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n[1,");
            await reading.Task;
            raw.Close(reset);
        }

        var line = JsonNode.Parse(await lines.WaitAsync("RequestLine"))!;
        Assert.Contains((int)line["Status"]!, new[] { 400, 499 });
        // The server's own reader may complain that it cannot drain a connection that was reset; that is not ours to say.
        var errors = string.Concat(lines.Containing("\"@l\":\"Error\"").Where(line => line.Contains("\"Gateway.", StringComparison.Ordinal)));
        Assert.True(errors.Length == 0, errors);
    }

    [Theory]
    [InlineData(false, "WriteTo:0:Name", "StandardOutput")]
    [InlineData(false, "WriteTo:0", "StandardOutput")]
    [InlineData(true, "WriteTo:0:Name", "Console")]
    [InlineData(true, "Properties:Node", "a")]
    [InlineData(true, "Enrich:0", "FromLogContext")]
    public void Properties_are_made_where_another_than_our_own_sink_looks(bool expected, string key, string value)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Serilog:Using:0"] = "Gateway",
            ["Serilog:Using:1"] = "Serilog.Sinks.Console",
            ["Serilog:MinimumLevel:Default"] = "Information",
            [$"Serilog:{key}"] = value,
        }).Build();
        var loggers = GatewayLogging.Create(configuration);
        using var outer = loggers.Redacting;
        Assert.Equal(expected, loggers.ReadProperties);
    }

    [Theory]
    [InlineData("nothing to hide", "nothing to hide")]
    [InlineData("a cbgtAQEfAAAAAAAA b", "a [secret] b")]
    [InlineData("/activities/cbgtAQ%45fAAAAAAAA/complete", "/activities/[secret]/complete")]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "[secret]")]
    [InlineData("Authorization: Bearer my-own-key-text", "Authorization: Bearer [secret]")]
    public void What_looks_like_a_secret_is_removed(string text, string expected) => Assert.Equal(expected, SecretScrubber.Scrub(text));

    private Task<EdgeHost> StartAsync(string level) => EdgeHost.StartAsync(
        app =>
        {
            app.MapGet("/activities/{token}", (HttpContext context) =>
                TaskTokenReader.Read(context, EdgeHost.Tokens, Capabilities.Read, TimeProvider.System.GetUtcNow()) is TokenRead.Genuine ? "yes" : "no");
            app.MapPost("/body", async (HttpContext context) =>
            {
                reading.SetResult();
                return await RequestBody.ReadAsync(context, 100) is BodyRead.Refused refused ? (IResult)refused.Problem : Results.Ok();
            });
            app.MapGet("/throw", string () => throw new InvalidOperationException("broken"));
            app.MapGet("/throw/{token}", string (string token) => throw new InvalidOperationException($"broken by {token}"));
        },
        configure: builder =>
        {
            var configuration = new ConfigurationBuilder()
                .AddInMemoryCollection(new Dictionary<string, string?> { ["Serilog:MinimumLevel:Default"] = level }).Build();
            GatewayLogging.Use(builder.Logging, GatewayLogging.Create(configuration, to => to.Sink(lines)));
            builder.Logging.SetMinimumLevel(LogLevel.Trace);
        });

    /// <summary>Collects formatted lines and wakes whoever waits for one.</summary>
    private sealed class Lines : ILogEventSink
    {
        private readonly ConcurrentQueue<string> lines = new();
        private readonly Channel<int> arrived = Channel.CreateUnbounded<int>();

        public int Count => lines.Count;

        public void Emit(LogEvent logEvent)
        {
            var line = new ArrayBufferWriter<byte>();
            using var formatter = new ClefFormatter(line);
            formatter.Write(logEvent);
            lines.Enqueue(Encoding.UTF8.GetString(line.WrittenSpan));
            arrived.Writer.TryWrite(lines.Count);
        }

        public IEnumerable<string> Containing(string text) => lines.Where(line => line.Contains(text, StringComparison.Ordinal));

        public async Task<string> WaitAsync(string source)
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            while (true)
            {
                if (lines.FirstOrDefault(line => line.Contains($"{source}\"", StringComparison.Ordinal)) is { } line)
                {
                    return line;
                }

                await arrived.Reader.ReadAsync(patience.Token);
            }
        }
    }
}
