using System.Text;
using System.Text.Json.Nodes;
using Gateway.Tests.Support;

namespace Gateway.Tests.Proof;

/// <summary>Known secrets go through every path with everything logged; none of them may be found anywhere afterwards.</summary>
public sealed class CanaryTests
{
    private const string Payload = "canary-payload-4711";

    [Fact]
    public async Task No_token_key_or_payload_is_in_a_log_and_no_token_or_key_in_the_database()
    {
        await using var receiver = await CallbackReceiver.StartAsync();
        var directory = TempDirectory.Create();
        try
        {
            var secrets = new List<string>();
            string log;
            Dictionary<string, byte[]> files;
            using (var gateway = await GatewayProcess.StartAsync(
                directory,
                "--Resume:Webhook:AllowPrivateNetworks=true",
                "--Serilog:MinimumLevel:Default=Verbose",
                "--Serilog:MinimumLevel:Override:Microsoft.AspNetCore=Verbose",
                "--Serilog:MinimumLevel:Override:Microsoft.EntityFrameworkCore=Verbose",
                "--Serilog:MinimumLevel:Override:System.Net.Http=Verbose"))
            {
                secrets.AddRange(await UseEverythingAsync(gateway, directory, receiver));
                files = Directory.GetFiles(directory, "gateway.db*").ToDictionary(path => path, ReadShared);
                await gateway.StopAsync();
                log = gateway.Output;
            }

            secrets.AddRange(SecretsOf(directory));
            Assert.Contains("/activities/{token}/complete", log, StringComparison.Ordinal);
            Assert.Contains(files.Keys, path => path.EndsWith("-wal", StringComparison.Ordinal));
            foreach (var secret in secrets)
            {
                Assert.DoesNotContain(secret, log, StringComparison.Ordinal);
                foreach (var (path, bytes) in files)
                {
                    Assert.True(bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(secret)) < 0, $"a secret is in {Path.GetFileName(path)}");
                }
            }

            Assert.DoesNotContain(Payload, log, StringComparison.Ordinal);
            Assert.Contains(files.Values, bytes => bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(Payload)) >= 0);
        }
        finally
        {
            TempDirectory.Delete(directory);
        }
    }

    /// <summary>Good calls and bad ones, in both forms; the tokens they used.</summary>
    private static async Task<IReadOnlyList<string>> UseEverythingAsync(GatewayProcess gateway, string directory, CallbackReceiver receiver)
    {
        using var runner = gateway.Runner(directory);
        var tokens = new List<string>();
        foreach (var (call, body) in new[]
        {
            ("complete", $"\"{Payload}\""), ("complete", $"{{\"a\":\"{Payload}\""), ("complete?dryRun=maybe", "1"), ("Complete", "1"), ("complete/", "1"),
            ("fail", $$"""{"message":"{{Payload}}"}"""), ("fail", $$"""{"massage":"{{Payload}}"}"""), ("heartbeat", $"\"{Payload}\""), ("cancel", $"\"{Payload}\""),
        })
        {
            using var registered = await runner.PostAsync("/internal/activities", GatewayApp.Json(
                $$$"""{"workflowId":"canary","activityId":"{{{tokens.Count}}}","resume":{"kind":"webhook","url":"{{{receiver.Url}}}hook"}}"""));
            var token = (string)JsonNode.Parse(await registered.Content.ReadAsStringAsync())!["taskToken"]!;
            tokens.Add(token);
            using var seen = await gateway.Outside.GetAsync($"/activities/{token}");
            using var called = await gateway.Outside.PostAsync($"/activities/{token}/{call}", GatewayApp.Json(body));
            using var form = await gateway.Outside.PostAsync($"/activities/{token}/complete", new StringContent("a=b", Encoding.UTF8, "application/x-www-form-urlencoded"));
            using var request = new HttpRequestMessage(HttpMethod.Post, "/activities/heartbeat");
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
            using var header = await gateway.Outside.SendAsync(request);
            using var stray = await runner.GetAsync($"/internal/activities/{token}");
        }

        await receiver.NextAsync();
        return tokens;
    }

    private static IEnumerable<string> SecretsOf(string directory)
    {
        yield return File.ReadAllText(Path.Combine(directory, "runner.key")).Trim();
        yield return File.ReadAllText(Path.Combine(directory, "webhook.secret")).Trim();
        yield return (string)JsonNode.Parse(File.ReadAllText(Path.Combine(directory, "token.keys")))![0]!["secret"]!;
    }

    private static byte[] ReadShared(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
