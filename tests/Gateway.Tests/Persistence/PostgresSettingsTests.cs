using Gateway.Persistence;
using Gateway.Persistence.Postgres;
using Gateway.Tests.Support;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Gateway.Tests.Persistence;

/// <summary>What the gateway makes of a server's settings, and what it tells of its own.</summary>
public sealed class PostgresSettingsTests
{
    [PostgresFact]
    public async Task Settings_of_the_database_weaken_no_commit_and_cut_none_short()
    {
        using var data = TestData.Create(Store.Postgres);
        using (Open(data, new CollectedLogs<PostgresStorage>()))
        {
        }

        var name = new NpgsqlConnectionStringBuilder(data.ConnectionString).Database;
        await using (var admin = NpgsqlDataSource.Create(data.ConnectionString!))
        {
            await admin.CreateCommand($"ALTER DATABASE \"{name}\" SET synchronous_commit = off").ExecuteNonQueryAsync();
            await admin.CreateCommand($"ALTER DATABASE \"{name}\" SET statement_timeout = '50ms'").ExecuteNonQueryAsync();
        }

        using var source = new PostgresSource(data.ConnectionString!);
        await using var connection = await source.OpenAsync(TimeSpan.FromSeconds(5));
        await using var command = new NpgsqlCommand(
            "SELECT current_setting('synchronous_commit') || ' ' || current_setting('statement_timeout')", connection);
        Assert.Equal("on 0", await command.ExecuteScalarAsync());
    }

    [OwnServerFact]
    public void What_makes_a_commit_less_durable_than_it_looks_is_warned_about()
    {
        using var server = OwnServer.Start("-c fsync=off");
        using var data = TestData.On(server.ConnectionString());
        var logs = new CollectedLogs<PostgresStorage>();
        using (Open(data, logs))
        {
        }

        var warnings = logs.Lines.Where(line => line.Level is LogLevel.Warning).Select(line => line.Text).ToList();
        Assert.Contains(warnings, text => text.Contains("synchronous_standby_names is empty", StringComparison.Ordinal));
        Assert.Contains(warnings, text => text.Contains("fsync=off", StringComparison.Ordinal));
    }

    [PostgresFact]
    public async Task The_password_is_in_no_log_at_any_level()
    {
        const string Password = "canary-password-4711";
        using var data = TestData.Create(Store.Postgres);
        var withPassword = new NpgsqlConnectionStringBuilder(data.ConnectionString) { Password = Password }.ConnectionString;
        using var gateway = await GatewayProcess.StartAsync(
            data,
            $"--Storage:ConnectionString={withPassword}",
            "--Serilog:MinimumLevel:Default=Verbose");
        using var runner = gateway.Runner(data);
        using var registered = await runner.PostAsync("/internal/activities", GatewayApp.Json("""{"workflowId":"w","activityId":"a"}"""));
        using var listed = await runner.GetAsync("/internal/activities");
        Assert.True(registered.IsSuccessStatusCode && listed.IsSuccessStatusCode);
        await gateway.StopAsync();
        Assert.Contains("POST /internal/activities answered 201", gateway.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(Password, gateway.Output, StringComparison.Ordinal);
    }

    private static PostgresStorage Open(TestData data, ILogger<PostgresStorage> logger) => new(
        new StorageOptions { ConnectionString = data.ConnectionString }, new DatabaseTime(TimeProvider.System), _ => { }, () => [], logger);
}
