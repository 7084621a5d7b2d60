using System.Net;
using System.Text.Json.Nodes;
using Gateway.Tests.Proof.Storage;
using Gateway.Tests.Support;

namespace Gateway.Tests.Backup;

/// <summary><c>Gateway backup</c>, run as operators run it: beside a gateway that works.</summary>
public sealed class BackupTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string directory = TempDirectory.Create();
    private readonly string backups = TempDirectory.Create();

    public void Dispose()
    {
        TempDirectory.Delete(directory);
        TempDirectory.Delete(backups);
    }

    [Theory]
    [InlineData]
    [InlineData("--compact")]
    public async Task A_backup_made_under_load_starts_elsewhere_with_everything_acknowledged_before_it_began(params string[] options)
    {
        var completions = new Completions(directory, bodyBytes: 100);
        string[] tokens;
        using (var gateway = await GatewayProcess.StartAsync(directory))
        {
            await completions.RegisterAsync(gateway, 2000);
            tokens = [.. await RegisterAsync(gateway)];
            await completions.RunUntilAsync(gateway, HttpStatusCode.OK, 300);
            completions.Remember();
            var load = completions.RunUntilAsync(gateway, HttpStatusCode.OK, 1200);
            var (code, output, error) = await BackupAsync(["gateway.db", .. options]);
            Assert.Equal((0, ""), (code, error));
            Assert.Contains("token.keys, runner.key, webhook.secret", output, StringComparison.Ordinal);
            Assert.Equal([HttpStatusCode.OK], (await load).Keys);
        }

        Assert.Equal(
            ["gateway.db", "runner.key", "token.keys", "webhook.secret"], Directory.GetFiles(backups).Select(Path.GetFileName).Order());
        Assert.All(Directory.GetFiles(backups), static file => Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(file) == OwnerOnly));
        using var restored = await GatewayProcess.StartAsync(backups);
        await completions.CheckRememberedAsync(restored, backups);
        foreach (var token in tokens)
        {
            using var completed = await restored.Outside.PostAsync($"/activities/{token}/complete", GatewayApp.Json("\"later\""));
            Assert.Equal(HttpStatusCode.OK, completed.StatusCode);
        }

        using var runner = restored.Runner(backups);
        using var leased = await runner.PostAsync("/internal/outcomes/lease", GatewayApp.Json("""{"queue":"default","max":500}"""));
        Assert.True(JsonNode.Parse(await leased.Content.ReadAsStringAsync())!["leases"]!.AsArray().Count >= 300);
    }

    [Fact]
    public async Task A_backup_needs_no_running_gateway_and_overwrites_nothing()
    {
        using (var gateway = await GatewayProcess.StartAsync(directory))
        {
            await RegisterAsync(gateway);
            await gateway.StopAsync();
        }

        Assert.Equal(0, (await BackupAsync(["one.db"])).ExitCode);
        var (code, _, error) = await BackupAsync(["one.db"]);
        Assert.Equal(1, code);
        Assert.Contains("is not overwritten", Assert.Single(error.Trim().Split('\n')), StringComparison.Ordinal);
        Assert.Equal(0, (await BackupAsync(["two.db"])).ExitCode);

        await File.WriteAllTextAsync(Path.Combine(directory, "runner.key"), "another");
        (code, _, error) = await BackupAsync(["three.db"]);
        Assert.Equal(1, code);
        Assert.Contains("new directory", error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(backups, "three.db")));
    }

    [Fact]
    public async Task A_damaged_database_is_no_backup()
    {
        using (var gateway = await GatewayProcess.StartAsync(directory))
        {
            await new Completions(directory, 0).RegisterAsync(gateway, 500);
            await gateway.StopAsync();
        }

        using (var file = File.OpenHandle(Path.Combine(directory, "gateway.db"), FileMode.Open, FileAccess.ReadWrite))
        {
            for (var page = 4; page < RandomAccess.GetLength(file) / 4096; page++)
            {
                RandomAccess.Write(file, new byte[200], page * 4096L);
            }
        }

        var (code, _, error) = await BackupAsync(["gateway.db"]);
        Assert.Equal(1, code);
        Assert.Contains("malformed", error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(backups, "gateway.db*"));
    }

    [Theory]
    [InlineData(2, "Usage:")]
    [InlineData(2, "Usage:", "one.db", "two.db")]
    [InlineData(2, "Usage:", "one.db", "--Storage:DataDirectory")]
    [InlineData(1, "pg_dump", "one.db", "--Storage:Provider=postgres")]
    [InlineData(1, "does not exist", "one.db", "--Storage:DataDirectory=/nowhere")]
    public async Task A_wrong_call_is_told_in_one_line(int exitCode, string text, params string[] arguments)
    {
        var (code, _, error) = await GatewayProcess.RunCommandAsync(["backup", .. arguments]);
        Assert.Equal(exitCode, code);
        Assert.Contains(text, Assert.Single(error.Trim().Split('\n')), StringComparison.Ordinal);
    }

    private Task<(int ExitCode, string Output, string Error)> BackupAsync(string[] arguments) => GatewayProcess.RunCommandAsync(
        ["backup", Path.Combine(backups, arguments[0]), .. arguments[1..], $"--Storage:DataDirectory={directory}"]);

    /// <summary>The tokens of a few activities that stay pending.</summary>
    private async Task<IEnumerable<string>> RegisterAsync(GatewayProcess gateway)
    {
        using var runner = gateway.Runner(directory);
        var items = Enumerable.Range(0, 5).Select(i => $$"""{"workflowId":"stays","activityId":"{{i}}"}""");
        using var response = await runner.PostAsync("/internal/activities/batch", GatewayApp.Json($$"""{"activities":[{{string.Join(',', items)}}]}"""));
        var results = JsonNode.Parse(await response.Content.ReadAsStringAsync())!["results"]!.AsArray();
        return results.Select(result => (string)result!["activity"]!["taskToken"]!);
    }
}
