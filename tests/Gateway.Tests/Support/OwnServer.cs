using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Gateway.Tests.Support;

/// <summary>A PostgreSQL server that a test starts, kills and promotes as it likes. Commits reach the disk, as in production.</summary>
internal sealed class OwnServer : IDisposable
{
    private static readonly string? Binaries = Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin"))
            .Where(folder => File.Exists(Path.Combine(folder, "initdb"))).Order(StringComparer.Ordinal).LastOrDefault()
        : null;

    private readonly DirectoryInfo directory;
    private readonly int port = FreePort();
    private readonly string options;

    private OwnServer(string options)
    {
        directory = Directory.CreateTempSubdirectory("gateway-postgres-");
        this.options = $"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= {options}";

        // The server refuses to run as root; whoever it runs as makes its own folder here.
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(directory.FullName, (UnixFileMode)0x1FF);
        }
    }

    /// <summary>Why a test cannot start one; null where it can.</summary>
    public static string? Missing { get; } = Binaries is null ? "needs the PostgreSQL server's programs below /usr/lib/postgresql" : null;

    public string Address => $"127.0.0.1:{port}";

    private string Data => Path.Combine(directory.FullName, "data");

    /// <param name="options">More <c>-c name=value</c> settings.</param>
    public static OwnServer Start(string options = "")
    {
        var server = new OwnServer(options);
        Run("initdb", $"--no-sync -A trust -U postgres -D {server.Data}");
        server.Start();
        return server;
    }

    /// <summary>A server that follows this one and can take over.</summary>
    public OwnServer StartStandby()
    {
        var standby = new OwnServer("");
        Run("pg_basebackup", $"-h 127.0.0.1 -p {port} -U postgres -D {standby.Data} -R -c fast --no-sync");
        standby.Start();
        return standby;
    }

    /// <summary>A database on this server, or on whichever of these is the primary.</summary>
    public string ConnectionString(params OwnServer[] others) => new NpgsqlConnectionStringBuilder
    {
        Host = string.Join(',', others.Prepend(this).Select(server => server.Address)),
        Username = "postgres",
        Password = "not-a-secret-but-never-logged",
        Database = "gateway",
    }.ConnectionString;

    /// <summary>Waits until a standby streams and commits wait for it.</summary>
    public async Task WhenSynchronousAsync()
    {
        await using var connection = new NpgsqlConnection($"Host=127.0.0.1;Port={port};Username=postgres;Database=postgres");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync' AND state = 'streaming'", connection);
        while ((long)(await command.ExecuteScalarAsync())! == 0)
        {
        }
    }

    public void Start()
    {
        // After a kill the last of the old processes may still hold the memory the new one wants.
        for (var tries = 0; !TryRun("pg_ctl", $"-D {Data} -l {Path.Combine(directory.FullName, "log")} -w -t 60 -o \"{options}\" start"); tries++)
        {
            Assert.True(tries < 200, File.ReadAllText(Path.Combine(directory.FullName, "log")));
        }
    }

    /// <summary>SIGKILL to all of the server's processes at once: of the first one alone the others learn later, and may commit meanwhile.</summary>
    public void Kill()
    {
        var pid = int.Parse(File.ReadLines(Path.Combine(Data, "postmaster.pid")).First(), CultureInfo.InvariantCulture);
        using var server = Process.GetProcessById(pid);
        server.Kill(entireProcessTree: true);
    }

    public void Promote() => Run("pg_ctl", $"-D {Data} -w promote");

    public void Dispose()
    {
        TryRun("pg_ctl", $"-D {Data} -m immediate stop");
        directory.Delete(recursive: true);
    }

    private static void Run(string program, string arguments) => Assert.True(TryRun(program, arguments), $"{program} failed");

    private static bool TryRun(string program, string arguments)
    {
        var command = $"{Path.Combine(Binaries!, program)} {arguments} >/dev/null 2>&1";
        string[] call = Environment.UserName == "root" ? ["runuser", "-u", "postgres", "--", "sh", "-c", command] : ["sh", "-c", command];
        using var process = Process.Start(new ProcessStartInfo(call[0], call[1..]) { WorkingDirectory = "/" })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

/// <summary>A test that runs a PostgreSQL server of its own.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OwnServerFactAttribute : FactAttribute
{
    public OwnServerFactAttribute() => Skip = OwnServer.Missing;
}
