using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Gateway.Resumption;
using Gateway.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Gateway.Tests.Resumption;

/// <summary>From a call at the public listener to the runner's webhook, over real sockets and the whole gateway.</summary>
public sealed class WebhookDeliveryTests : IAsyncLifetime
{
    private static readonly Dictionary<string, string?> ReceiverAllowed = new() { ["Resume:Webhook:AllowedHosts:0"] = "127.0.0.1" };

    private CallbackReceiver receiver = null!;

    public async Task InitializeAsync() => receiver = await CallbackReceiver.StartAsync();

    public async Task DisposeAsync() => await receiver.DisposeAsync();

    [Fact]
    public async Task Completing_twice_with_the_same_result_resumes_the_workflow_once()
    {
        await using var app = Start();
        var activity = await app.RegisterAnyAsync(Resume());

        using var first = await app.CallAsync(activity, "complete", """{"amount": 0.10,  "id": 12345678901234567890}""");
        using var second = await app.CallAsync(activity, "complete", """{"amount": 0.10,  "id": 12345678901234567890}""");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (first.StatusCode, second.StatusCode));
        var call = await receiver.NextAsync();
        await SettledAsync(app);
        Assert.False(receiver.TryNext(out _));
        Assert.Equal(("/hook", "?key=hidden", "Bearer hidden"), (call.Path, call.Query, call.Headers["authorization"]));
        Assert.Contains("\"result\":{\"amount\": 0.10,  \"id\": 12345678901234567890}", Encoding.UTF8.GetString(call.Body), StringComparison.Ordinal);
        Assert.Equal(Signature(app, call), call.Headers["webhook-signature"]);
        Assert.Equal(activity.Id, (string?)JsonNode.Parse(call.Body)!["data"]!["activityId"]);
    }

    [Fact]
    public async Task Every_end_by_a_caller_reaches_the_runner_as_its_own_type()
    {
        await using var app = Start();
        foreach (var (call, body, type) in new[]
        {
            ("complete", "1", "activity.completed"),
            ("fail", """{"message":"no money"}""", "activity.failed"),
            ("cancel", "null", "activity.canceled"),
        })
        {
            var activity = await app.RegisterAnyAsync(Resume());
            using var answer = await app.CallAsync(activity, call, body);

            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            var sent = JsonNode.Parse((await receiver.NextAsync()).Body)!;
            Assert.Equal((type, activity.Id), ((string?)sent["type"], (string?)sent["data"]!["activityId"]));
        }
    }

    [Fact]
    public async Task A_target_that_failed_gets_the_outcome_again_under_the_same_id()
    {
        await using var app = Start();
        var statuses = new Queue<int>([500, 302, 204]);
        receiver.Answer = (context, _) => CallbackReceiver.Status(context, statuses.Dequeue());
        var activity = await app.RegisterAnyAsync(Resume());

        await app.CompleteAsync(activity);

        ReceivedCallback[] calls = [await receiver.NextAsync(), await receiver.NextAsync(), await receiver.NextAsync()];
        Assert.Equal($"msg_{activity.Id}", Assert.Single(calls.Select(call => call.WebhookId).Distinct()));
        await SettledAsync(app);
        var delivery = await DeliveryAsync(app, activity);
        Assert.Equal(("delivered", 3, "HTTP 204"), ((string?)delivery["status"], (int)delivery["attempts"]!, (string?)delivery["lastAnswer"]));
    }

    [Fact]
    public async Task A_target_that_is_gone_makes_the_entry_dead_until_it_is_redelivered()
    {
        await using var app = Start();
        receiver.Answer = (context, _) => CallbackReceiver.Status(context, 410);
        var activity = await app.RegisterAnyAsync(Resume());
        await app.CompleteAsync(activity);
        var first = await receiver.NextAsync();
        await SettledAsync(app);
        Assert.Equal("dead", (string?)(await DeliveryAsync(app, activity))["status"]);

        receiver.Answer = (context, _) => CallbackReceiver.Status(context, 200);
        var redelivered = await app.PostAsync($"/internal/deliveries/{activity.Id}/redeliver", "{}");

        Assert.Equal(1, (int)redelivered["redelivered"]!);
        var second = await receiver.NextAsync();
        Assert.Equal((first.WebhookId, Convert.ToHexString(first.Body)), (second.WebhookId, Convert.ToHexString(second.Body)));
        await SettledAsync(app);
        var delivery = await DeliveryAsync(app, activity);
        Assert.Equal(("delivered", 1), ((string?)delivery["status"], (int)delivery["attempts"]!));
    }

    [Fact]
    public async Task An_attempt_cut_off_by_a_stop_is_made_again_after_the_next_start()
    {
        using var data = TestData.Create(Store.Sqlite);
        receiver.Answer = (context, _) => CallbackReceiver.Hang(context);
        Pending activity;
        ReceivedCallback first;
        await using (var app = Start(data))
        {
            activity = await app.RegisterAnyAsync(Resume());
            await app.CompleteAsync(activity);
            first = await receiver.NextAsync();
        }

        receiver.Answer = (context, _) => CallbackReceiver.Status(context, 200);
        await using var restarted = Start(data);

        Assert.Equal(first.WebhookId, (await receiver.NextAsync()).WebhookId);
        await SettledAsync(restarted);
        Assert.Equal("delivered", (string?)(await DeliveryAsync(restarted, activity))["status"]);
    }

    [Fact]
    public async Task Without_permission_no_private_address_is_called()
    {
        await using var app = GatewayApp.Start(settings: new() { ["Resume:Webhook:MaxAttempts"] = "1" });
        var activity = await app.RegisterAnyAsync(Resume());

        await app.CompleteAsync(activity);

        var dispatcher = Dispatcher(app);
        JsonObject delivery;
        do
        {
            // The attempt is no event for the receiver, so the dispatcher's own passes are what to wait for.
            await dispatcher.RunPassAsync(CancellationToken.None);
            await dispatcher.WhenIdle();
            delivery = await DeliveryAsync(app, activity);
        }
        while ((string?)delivery["status"] != "dead");
        Assert.Equal("address not allowed; no attempts left", (string?)delivery["lastAnswer"]);
        Assert.False(receiver.TryNext(out _));
    }

    [Fact]
    public async Task Neither_path_nor_query_nor_headers_of_a_webhook_are_shown()
    {
        await using var app = Start();
        var activity = await app.RegisterAnyAsync(Resume());
        await app.CompleteAsync(activity);
        await receiver.NextAsync();
        await SettledAsync(app);

        foreach (var path in new[] { $"/internal/activities/{activity.Id}", "/internal/activities", "/internal/deliveries" })
        {
            var text = await app.Runner.GetStringAsync(path);
            Assert.DoesNotContain("hook", text.Replace("webhook", "", StringComparison.Ordinal), StringComparison.Ordinal);
            Assert.DoesNotContain("hidden", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_webhook_that_could_not_work_is_refused_at_registration_by_field()
    {
        await using var app = Start();
        foreach (var (resume, field, message) in new[]
        {
            ("""{"kind":"webhook"}""", "resume.url", "must be given"),
            ("""{"kind":"webhook","url":"ftp://x/"}""", "resume.url", "must be an absolute http or https URL"),
            ("""{"kind":"webhook","url":"https://u:p@x/"}""", "resume.url", "must not hold user information; use a header"),
            ("""{"kind":"webhook","url":"https://x/","headers":{"Host":"y"}}""", "resume.headers.Host", "must be left out; the gateway sets this header itself"),
        })
        {
            using var response = await app.Runner.PostAsync(
                "/internal/activities", GatewayApp.Json($$"""{"workflowId":"w","activityId":"a","resume":{{resume}}}"""));

            Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
            var problem = await response.Content.ReadFromJsonAsync<JsonObject>();
            Assert.Equal(message, (string?)problem!["errors"]![field]![0]);
        }
    }

    /// <summary>Retries come at once, so that a test need not wait for them.</summary>
    private static GatewayApp Start(TestData? data = null) =>
        GatewayApp.Start(ReceiverAllowed, configure: services => services.AddSingleton<Jitter>(() => 0), data: data);

    private string Resume() =>
        $$$""","resume":{"kind":"webhook","url":"{{{receiver.Url}}}hook?key=hidden","headers":{"Authorization":"Bearer hidden"}}""";

    private static async Task<JsonObject> DeliveryAsync(GatewayApp app, Pending activity)
    {
        var page = await app.GetAsync("/internal/deliveries");
        return page["deliveries"]!.AsArray().Select(item => item!.AsObject()).Single(item => (string?)item["activityId"] == activity.Id);
    }

    /// <summary>What was received is recorded too.</summary>
    private static Task SettledAsync(GatewayApp app) => Dispatcher(app).WhenIdle().WaitAsync(TimeSpan.FromSeconds(30));

    private static ResumptionDispatcher Dispatcher(GatewayApp app) =>
        app.Services.GetServices<IHostedService>().OfType<ResumptionDispatcher>().Single();

    private static string Signature(GatewayApp app, ReceivedCallback call)
    {
        var secret = File.ReadAllText(Path.Combine(app.Directory, "webhook.secret")).Trim()["whsec_".Length..];
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{call.WebhookId}.{call.Headers["webhook-timestamp"]}."), .. call.Body];
        return "v1," + Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(secret), signed));
    }
}
