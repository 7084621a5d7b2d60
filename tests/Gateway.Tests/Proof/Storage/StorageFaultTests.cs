using System.Net;
using Gateway.Tests.Support;

namespace Gateway.Tests.Proof.Storage;

/// <summary>
/// Disks that fill up and disks that fail, under a gateway in a process of its own: nothing is acknowledged that is not
/// stored, callers are told 503, and it goes on by itself.
/// </summary>
public sealed class StorageFaultTests
{
    private const HttpStatusCode Refused = HttpStatusCode.ServiceUnavailable;

    [SmallDiskFact]
    public async Task A_full_disk_is_answered_503_until_there_is_room_and_nothing_acknowledged_is_lost()
    {
        using var disk = SmallDisk.Mount(megabytes: 32);
        var directory = Path.Combine(disk.Path, "data");
        var completions = new Completions(directory, bodyBytes: 10_000);
        using (var gateway = await GatewayProcess.StartAsync(directory))
        {
            await completions.RegisterAsync(gateway, 1000);
            await completions.RunUntilAsync(gateway, HttpStatusCode.OK, 100);
            disk.Fill();
            var full = await completions.RunUntilAsync(gateway, Refused, 200);
            Assert.Equal(200, full[Refused], 8.0);
            Assert.Empty(full.Keys.Except([HttpStatusCode.OK, Refused]));
            await WhenReadyAnswersAsync(gateway, Refused);

            disk.MakeRoom();
            await WhenReadyAnswersAsync(gateway, HttpStatusCode.OK);
            Assert.Equal([HttpStatusCode.OK], (await completions.RunUntilAsync(gateway, HttpStatusCode.OK, 100)).Keys);
            Assert.True(await completions.RepeatRefusedAsync(gateway) >= 200);
            gateway.Kill();
        }

        using var again = await GatewayProcess.StartAsync(directory);
        await completions.CheckAsync(again);
    }

    [IoFaultTheory]
    [InlineData("sync", "gateway.db-wal")]
    [InlineData("write", "gateway.db-wal")]
    public async Task A_commit_that_fails_is_never_acknowledged_and_the_gateway_goes_on_when_the_disk_works_again(string call, string file)
    {
        var directory = TempDirectory.Create();
        var (completions, faults) = (new Completions(directory, bodyBytes: 100), new IoFaults(directory));
        try
        {
            using (var gateway = await GatewayProcess.StartAsync(directory, faults.Environment))
            {
                await completions.RegisterAsync(gateway, 1000);
                await completions.RunUntilAsync(gateway, HttpStatusCode.OK, 100);
                Break(faults, call, file);
                Assert.Equal([Refused], (await completions.RunUntilAsync(gateway, Refused, 200)).Keys);
                Assert.Equal(Refused, await ReadyAsync(gateway));

                faults.Heal();
                await WhenReadyAnswersAsync(gateway, HttpStatusCode.OK);
                Assert.Equal([HttpStatusCode.OK], (await completions.RunUntilAsync(gateway, HttpStatusCode.OK, 100)).Keys);
                Assert.True(await completions.RepeatRefusedAsync(gateway) >= 200);
                Assert.Contains("The storage is back", gateway.Output, StringComparison.Ordinal);
                gateway.Kill();
            }

            using var again = await GatewayProcess.StartAsync(directory);
            await completions.CheckAsync(again);
        }
        finally
        {
            TempDirectory.Delete(directory);
        }
    }

    [IoFaultFact]
    public async Task A_kill_amid_failing_commits_loses_nothing_acknowledged_and_every_repeat_is_answered()
    {
        var directory = TempDirectory.Create();
        var (completions, faults) = (new Completions(directory, bodyBytes: 100), new IoFaults(directory));
        try
        {
            for (var round = 0; round < 3; round++)
            {
                using var gateway = await GatewayProcess.StartAsync(directory, faults.Environment);
                await completions.RegisterAsync(gateway, 500);
                await completions.RunUntilAsync(gateway, HttpStatusCode.OK, 100);
                faults.FailSync("gateway.db-wal");
                await completions.RunUntilAsync(gateway, Refused, 50);
                gateway.Kill();
                // The log is there, and no start may build on what cannot be brought to the disk.
                var (code, error) = await GatewayProcess.RunAsync(directory, faults.Environment);
                Assert.Equal(1, code);
                Assert.Contains("cannot be brought to the disk", error, StringComparison.Ordinal);
                Assert.Single(error.Trim().Split('\n'));
                faults.Heal();
            }

            using var last = await GatewayProcess.StartAsync(directory);
            Assert.True(await completions.RepeatRefusedAsync(last) >= 150);
            await completions.CheckAsync(last);
        }
        finally
        {
            TempDirectory.Delete(directory);
        }
    }

    [IoFaultTheory]
    [InlineData("sync", "gateway.db")]
    [InlineData("write", "gateway.db")]
    public async Task A_checkpoint_that_fails_holds_up_nobody_and_is_made_up_for(string call, string file)
    {
        var directory = TempDirectory.Create();
        var (completions, faults) = (new Completions(directory, bodyBytes: 50_000), new IoFaults(directory));
        try
        {
            using (var gateway = await GatewayProcess.StartAsync(directory, faults.Environment))
            {
                await completions.RegisterAsync(gateway, 1600);
                var database = new FileInfo(Path.Combine(directory, "gateway.db"));
                Break(faults, call, file);
                // About 30 MB: several rounds of the checkpointer.
                Assert.Equal([HttpStatusCode.OK], (await completions.RunUntilAsync(gateway, HttpStatusCode.OK, 600)).Keys);
                var failing = new FileInfo(Path.Combine(directory, "gateway.db-wal")).Length;
                Assert.True(failing > 30_000_000, $"the log has {failing} bytes");
                faults.Heal();
                for (var more = 0; more < 900 && Length(database) < 30_000_000; more += 100)
                {
                    Assert.Equal([HttpStatusCode.OK], (await completions.RunUntilAsync(gateway, HttpStatusCode.OK, 100)).Keys);
                }

                Assert.True(Length(database) > 30_000_000, $"the database has {Length(database)} bytes");
                gateway.Kill();
            }

            using var again = await GatewayProcess.StartAsync(directory);
            await completions.CheckAsync(again);
        }
        finally
        {
            TempDirectory.Delete(directory);
        }
    }

    private static long Length(FileInfo file)
    {
        file.Refresh();
        return file.Length;
    }

    [IoFaultFact]
    public async Task A_disk_that_stays_broken_ends_the_process_with_a_line_for_the_operator()
    {
        var directory = TempDirectory.Create();
        var faults = new IoFaults(directory);
        try
        {
            using var gateway = await GatewayProcess.StartAsync(directory, faults.Environment);
            faults.FailSync("gateway.db-wal");
            await WhenReadyAnswersAsync(gateway, Refused);
            // Only who asks notices: a probe every now and then, as a supervisor makes them.
            var probes = ProbeUntilGoneAsync(gateway);
            Assert.Equal(1, await gateway.WhenEndedAsync());
            await probes;
            Assert.Contains("The storage has failed for 30 seconds", gateway.Output, StringComparison.Ordinal);
        }
        finally
        {
            faults.Heal();
            TempDirectory.Delete(directory);
        }
    }

    private static void Break(IoFaults faults, string call, string file)
    {
        if (call == "sync")
        {
            faults.FailSync(file);
        }
        else
        {
            faults.FailWrite(file);
        }
    }

    private static async Task<HttpStatusCode> ReadyAsync(GatewayProcess gateway)
    {
        using var response = await gateway.Outside.GetAsync("/health/ready");
        return response.StatusCode;
    }

    /// <summary>The gateway tries again at its own pace: asks until it answers so, within the client's patience.</summary>
    private static async Task WhenReadyAnswersAsync(GatewayProcess gateway, HttpStatusCode status)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (await ReadyAsync(gateway) != status)
        {
            patience.Token.ThrowIfCancellationRequested();
        }
    }

    private static async Task ProbeUntilGoneAsync(GatewayProcess gateway)
    {
        try
        {
            using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(500));
            while (await pace.WaitForNextTickAsync())
            {
                await ReadyAsync(gateway);
            }
        }
        catch (HttpRequestException)
        {
            // The process has ended.
        }
    }
}
