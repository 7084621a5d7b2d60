using System.Net;
using Gateway.Tests.Support;

namespace Gateway.Tests.FirstStart;

/// <summary>The program as an operator starts it: a process of its own.</summary>
public sealed class StartTests : IDisposable
{
    private readonly string directory = TempDirectory.Create();

    public void Dispose() => TempDirectory.Delete(directory);

    [Fact]
    public async Task The_first_start_makes_everything_it_needs_and_says_where_without_saying_the_key()
    {
        using (var gateway = await GatewayProcess.StartAsync(directory))
        {
            using var ready = await gateway.Outside.GetAsync("/health/ready");
            Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
            await gateway.WhenPrintedAsync("curl -sS");
            Assert.Contains($"{gateway.Address.ToString().TrimEnd('/')}/swagger", gateway.Output, StringComparison.Ordinal);
            Assert.Contains(Path.Combine(directory, "runner.key"), gateway.Output, StringComparison.Ordinal);
            Assert.DoesNotContain(Key(), gateway.Output, StringComparison.Ordinal);

            using var runner = gateway.Runner(directory);
            using var listed = await runner.GetAsync("/internal/activities");
            Assert.Equal(HttpStatusCode.OK, listed.StatusCode);
            Assert.Equal(0, await gateway.StopAsync());
        }

        AssertOwnerOnly();
        var key = Key();
        using var again = await GatewayProcess.StartAsync(directory);
        Assert.Equal(key, Key());
        Assert.DoesNotContain("API key", again.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_process_on_the_same_data_directory_refuses_to_start()
    {
        using var owner = await GatewayProcess.StartAsync(directory);
        var (exitCode, error) = await GatewayProcess.RunAsync(directory);
        Assert.Equal(1, exitCode);
        Assert.Contains("is in use by another gateway process", Assert.Single(Lines(error)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lost_token_keys_stop_the_start_while_activities_are_kept()
    {
        using (var gateway = await GatewayProcess.StartAsync(directory))
        {
            using var runner = gateway.Runner(directory);
            using var registered = await runner.PostAsync(
                "/internal/activities", GatewayApp.Json("""{"workflowId":"w","activityId":"a"}"""));
            Assert.Equal(HttpStatusCode.Created, registered.StatusCode);
            await gateway.StopAsync();
        }

        File.Delete(Path.Combine(directory, "token.keys"));
        var (exitCode, error) = await GatewayProcess.RunAsync(directory);
        Assert.Equal(1, exitCode);
        Assert.StartsWith("Tokens:Keys is not configured", Assert.Single(Lines(error)), StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(directory, "token.keys")));
    }

    [Theory]
    [InlineData("--Limits:MaxPayloadBytes=1", "Limits:MaxPayloadBytes must be between 1024 and 268435456.")]
    [InlineData("--Limits:MaxPayloadBytes=much", "'Limits:MaxPayloadBytes'")]
    [InlineData("--Storage:Provider=oracle", "Storage:Provider must be 'sqlite' or 'postgres'.")]
    [InlineData("--Storage:Provider=postgres", "Storage:ConnectionString is required with Storage:Provider=postgres")]
    [InlineData("--Activities:RetentionDays=0", "Activities:RetentionDays must be between 0.00001 and 36500.")]
    [InlineData("--Tokens:Keys:0:id=1", "Tokens:Keys:0:secret must be 32 random bytes in base64.")]
    [InlineData("--ApiKeys:0:name=a", "ApiKeys:0:sha256 must be the SHA-256 of the key, 64 hexadecimal digits.")]
    [InlineData("--PublicUrl=ftp://example.org", "PublicUrl must be an absolute http or https URL without query.")]
    [InlineData("--Runner:Urls=5081", "Runner:Urls must be a list of URLs")]
    [InlineData("--Resume:Webhook:SigningSecret=abc", "Resume:Webhook:SigningSecret must be whsec_")]
    public async Task A_wrong_value_stops_the_start_with_one_line_that_names_its_key(string setting, string expected)
    {
        var (exitCode, error) = await GatewayProcess.RunAsync(directory, setting);
        Assert.Equal(1, exitCode);
        Assert.Contains(expected, Assert.Single(Lines(error)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Tokens:Keys")]
    [InlineData("ApiKeys")]
    [InlineData("Resume:Webhook:SigningSecret")]
    public async Task With_PostgreSQL_every_secret_must_be_configured(string missing)
    {
        using var data = TestData.On("Host=127.0.0.1;Port=1;Username=u;Password=hidden-4711;Database=d");
        var settings = data.Settings().Where(setting => !setting.Key.StartsWith(missing, StringComparison.Ordinal))
            .Select(setting => $"--{setting.Key}={setting.Value}");
        var (exitCode, error) = await GatewayProcess.RunAsync(data.Directory, [.. settings]);
        Assert.Equal(1, exitCode);
        Assert.StartsWith($"{missing} must be configured with Storage:Provider=postgres", Assert.Single(Lines(error)), StringComparison.Ordinal);
        Assert.False(Directory.Exists(data.Directory));
    }

    [Theory]
    [InlineData("Host=127.0.0.1;Port=1;Username=u;Password=hidden-4711;Database=d", "Storage:ConnectionString leads to no usable PostgreSQL at 127.0.0.1:1")]
    [InlineData("Host=h;Pass word=hidden-4711", "Storage:ConnectionString is no PostgreSQL connection string")]
    [InlineData("Host=h;Password=hidden-4711", "Storage:ConnectionString must name a host and a database")]
    public async Task A_wrong_connection_string_stops_the_start_with_one_line_that_hides_the_password(string text, string expected)
    {
        using var data = TestData.On(text);
        var settings = data.Settings().Select(setting => $"--{setting.Key}={setting.Value}");
        var (exitCode, error) = await GatewayProcess.RunAsync(data.Directory, [.. settings]);
        Assert.Equal(1, exitCode);
        var line = Assert.Single(Lines(error));
        Assert.StartsWith(expected, line, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden-4711", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_program_checks_its_own_health()
    {
        using var gateway = await GatewayProcess.StartAsync(directory);
        Assert.Equal(0, await GatewayProcess.CheckHealthAsync(gateway.Address));
        await gateway.StopAsync();
        Assert.Equal(1, await GatewayProcess.CheckHealthAsync(gateway.Address));
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private string Key() => File.ReadAllText(Path.Combine(directory, "runner.key")).Trim();

    private void AssertOwnerOnly()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        Assert.Equal(OwnerOnly | UnixFileMode.UserExecute, File.GetUnixFileMode(directory));
        foreach (var name in new[] { "gateway.db", "token.keys", "runner.key", "webhook.secret" })
        {
            Assert.Equal(OwnerOnly, File.GetUnixFileMode(Path.Combine(directory, name)));
        }
    }
}
