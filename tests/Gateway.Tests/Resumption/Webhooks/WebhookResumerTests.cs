using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Gateway.Activities;
using Gateway.Resumption;
using Gateway.Resumption.Webhooks;
using Gateway.Tests.Support;
using Microsoft.Extensions.Options;

namespace Gateway.Tests.Resumption.Webhooks;

/// <summary>Against a receiver on a real socket.</summary>
public sealed class WebhookResumerTests : IAsyncLifetime
{
    private static readonly string[] Secrets =
        ["whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"];

    private readonly ManualTime time = new();
    private CallbackReceiver receiver = null!;

    public async Task InitializeAsync() => receiver = await CallbackReceiver.StartAsync();

    public async Task DisposeAsync() => await receiver.DisposeAsync();

    [Fact]
    public async Task The_outcome_arrives_signed_with_its_bytes_as_sent()
    {
        using var resumer = Resumer();
        var outcome = Outcomes.Completed("""{"amount": 0.10, "big":1e400, "n":12345678901234567890}""");

        var result = await ResumeAsync(resumer, outcome, receiver.Url + "hook?tenant=7");

        Assert.Equal(new ResumeResult.Delivered("HTTP 204"), result);
        var call = await receiver.NextAsync();
        Assert.Equal(("/hook", "?tenant=7"), (call.Path, call.Query));
        Assert.Equal("application/json", call.Headers["content-type"]);
        Assert.Equal($"msg_{outcome.Id}", call.WebhookId);
        Assert.Equal(time.GetUtcNow().ToUnixTimeSeconds().ToString(null, null), call.Headers["webhook-timestamp"]);
        Assert.Equal(
            WebhookSignature.Sign(WebhookSecrets.Configured(Secrets).Keys, call.WebhookId, time.GetUtcNow(), call.Body),
            call.Headers["webhook-signature"]);
        Assert.Equal(2, call.Headers["webhook-signature"].Split(' ').Length);
        Assert.Equal(
            """{"type":"activity.completed","timestamp":"2030-01-02T03:04:05.000000Z","data":""" + Encoding.UTF8.GetString(outcome.ToUtf8().Span) + "}",
            Encoding.UTF8.GetString(call.Body));
        Assert.Contains("""{"amount": 0.10, "big":1e400, "n":12345678901234567890}""", Encoding.UTF8.GetString(call.Body), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ActivityState.Completed, "activity.completed")]
    [InlineData(ActivityState.Failed, "activity.failed")]
    [InlineData(ActivityState.Canceled, "activity.canceled")]
    [InlineData(ActivityState.TimedOut, "activity.timedOut")]
    internal async Task The_type_names_the_end(ActivityState state, string type)
    {
        using var resumer = Resumer();

        await ResumeAsync(resumer, Outcomes.Closed(state, "{}"));

        var body = JsonDocument.Parse((await receiver.NextAsync()).Body).RootElement;
        Assert.Equal(type, body.GetProperty("type").GetString());
        Assert.Equal(state.Wire(), body.GetProperty("data").GetProperty("state").GetString());
    }

    [Fact]
    public async Task Every_attempt_has_the_same_id_and_body_and_its_own_timestamp()
    {
        using var resumer = Resumer();
        var outcome = Outcomes.Completed();

        await ResumeAsync(resumer, outcome);
        time.Advance(TimeSpan.FromSeconds(90));
        await ResumeAsync(resumer, outcome);

        var (first, second) = (await receiver.NextAsync(), await receiver.NextAsync());
        Assert.Equal((first.WebhookId, Convert.ToHexString(first.Body)), (second.WebhookId, Convert.ToHexString(second.Body)));
        Assert.NotEqual(first.Headers["webhook-timestamp"], second.Headers["webhook-timestamp"]);
        Assert.NotEqual(first.Headers["webhook-signature"], second.Headers["webhook-signature"]);
    }

    [Fact]
    public async Task The_runners_own_headers_are_sent()
    {
        using var resumer = Resumer();
        var target = WebhookTarget.Create(receiver.Url.ToString(), new Dictionary<string, string?> { ["Authorization"] = "Bearer r", ["X-A"] = "1, 2" });

        await resumer.ResumeAsync(new ResumptionAttempt(Outcomes.Completed(), target, 1), default);

        var call = await receiver.NextAsync();
        Assert.Equal(("Bearer r", "1, 2"), (call.Headers["authorization"], call.Headers["x-a"]));
        Assert.False(call.Headers.ContainsKey("cookie"));
    }

    [Theory]
    [InlineData(200)]
    [InlineData(201)]
    [InlineData(202)]
    [InlineData(299)]
    public async Task Any_2xx_is_an_acknowledgement(int status)
    {
        using var resumer = Resumer();
        receiver.Answer = (context, _) => CallbackReceiver.Status(context, status);

        Assert.Equal(new ResumeResult.Delivered($"HTTP {status}"), await ResumeAsync(resumer));
    }

    [Fact]
    public async Task Gone_ends_the_delivery()
    {
        using var resumer = Resumer();
        receiver.Answer = (context, _) => CallbackReceiver.Status(context, 410);

        Assert.Equal(new ResumeResult.Rejected("HTTP 410"), await ResumeAsync(resumer));
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task Everything_else_is_tried_again_and_a_redirect_is_not_followed(int status)
    {
        using var resumer = Resumer();
        receiver.Answer = (context, _) =>
        {
            context.Response.Headers.Location = "/elsewhere";
            context.Response.Headers.SetCookie = "a=b";
            return CallbackReceiver.Status(context, status);
        };

        Assert.Equal(new ResumeResult.Retry($"HTTP {status}"), await ResumeAsync(resumer));
        Assert.Equal("/", (await receiver.NextAsync()).Path);
        Assert.False(receiver.TryNext(out _));
    }

    [Theory]
    [InlineData("120", 120)]
    [InlineData("Wed, 02 Jan 2030 03:06:05 GMT", 120)]
    [InlineData("0", null)]
    [InlineData("Wed, 02 Jan 2030 03:00:00 GMT", null)]
    [InlineData("soon", null)]
    public async Task Retry_after_is_read_as_seconds_or_date(string header, int? seconds)
    {
        using var resumer = Resumer();
        receiver.Answer = (context, _) =>
        {
            context.Response.Headers.RetryAfter = header;
            return CallbackReceiver.Status(context, 503);
        };

        TimeSpan? after = seconds is { } s ? TimeSpan.FromSeconds(s) : null;
        Assert.Equal(new ResumeResult.Retry("HTTP 503", after), await ResumeAsync(resumer));
    }

    [Fact]
    public async Task A_receiver_that_does_not_answer_costs_one_timeout()
    {
        using var resumer = Resumer();
        receiver.Answer = (context, _) => CallbackReceiver.Hang(context);

        var attempt = ResumeAsync(resumer);
        await receiver.NextAsync();
        time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(new ResumeResult.Retry("no answer within 10 s"), await attempt);
    }

    [Fact]
    public async Task An_answer_whose_body_never_ends_is_an_answer()
    {
        using var resumer = Resumer();
        var hungUp = new TaskCompletionSource();
        receiver.Answer = async (context, _) =>
        {
            context.RequestAborted.Register(hungUp.SetResult);
            var noise = new byte[16 * 1024];
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(noise, CancellationToken.None);
            }
        };

        Assert.Equal(new ResumeResult.Delivered("HTTP 200"), await ResumeAsync(resumer));
        await hungUp.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Stopping_cancels_an_attempt_instead_of_answering_for_it()
    {
        using var resumer = Resumer();
        using var stop = new CancellationTokenSource();
        receiver.Answer = (context, _) => CallbackReceiver.Hang(context);

        var attempt = resumer.ResumeAsync(new ResumptionAttempt(Outcomes.Completed(), Target(receiver.Url.ToString()), 1), stop.Token);
        await receiver.NextAsync();
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => attempt);
    }

    [Fact]
    public async Task An_address_that_is_not_allowed_is_named_as_such_and_nothing_is_sent()
    {
        using var resumer = Resumer(allowed: "runner.internal");

        Assert.Equal(new ResumeResult.Retry("address not allowed"), await ResumeAsync(resumer));
        Assert.False(receiver.TryNext(out _));
    }

    [Fact]
    public async Task A_closed_port_is_named_as_such()
    {
        using var resumer = Resumer();
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();

        Assert.Equal(new ResumeResult.Retry("connection refused"), await ResumeAsync(resumer, url: $"http://127.0.0.1:{port}/secret"));
    }

    [Fact]
    public async Task A_name_that_does_not_resolve_is_named_as_such()
    {
        using var resumer = Resumer(resolve: (_, _) => throw new SocketException((int)SocketError.HostNotFound));

        Assert.Equal(new ResumeResult.Retry("host name not resolved"), await ResumeAsync(resumer, url: "http://gone.example.com/secret"));
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n", "answer is not HTTP")]
    [InlineData("", "connection closed before an answer")]
    public async Task A_port_that_speaks_something_else_is_named_as_such(string answer, string reason)
    {
        using var resumer = Resumer();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();

        var attempt = ResumeAsync(resumer, url: $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/secret");
        using (var client = await listener.AcceptTcpClientAsync())
        {
            await client.GetStream().ReadAtLeastAsync(new byte[100], 100);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(answer));
            client.Client.Shutdown(SocketShutdown.Send);
            Assert.Equal(new ResumeResult.Retry(reason), await attempt);
        }
    }

    [Fact]
    public async Task Https_to_a_port_without_tls_is_named_as_such()
    {
        using var resumer = Resumer();

        var result = await ResumeAsync(resumer, url: $"https://127.0.0.1:{receiver.Url.Port}/secret");

        Assert.Equal(new ResumeResult.Retry("TLS handshake failed"), result);
    }

    private Task<ResumeResult> ResumeAsync(WebhookResumer resumer, ClosedActivity? outcome = null, string? url = null) =>
        resumer.ResumeAsync(new ResumptionAttempt(outcome ?? Outcomes.Completed(), Target(url ?? receiver.Url.ToString()), 1), default);

    private static ResumeTarget Target(string url) => WebhookTarget.Create(url, null);

    private WebhookResumer Resumer(string allowed = "127.0.0.1", ResolveHost? resolve = null) => new(
        Options.Create(new WebhookOptions()),
        WebhookSecrets.Configured(Secrets),
        new WebhookEgress(false, new AllowedHosts([allowed]), resolve ?? Dns.GetHostAddressesAsync, time),
        time);
}
