using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Gateway.Benchmarks.Load;

/// <summary>A server under load, in a process of its own.</summary>
internal sealed class Server : IDisposable
{
    private static readonly TimeSpan Grown = TimeSpan.FromSeconds(70);

    private readonly Process process;
    private readonly string probe;

    private Server(Process process, Uri address, string probe) => (this.process, Address, this.probe) = (process, address, probe);

    public Uri Address { get; }

    /// <summary>From the start of the process to its first answer that it is ready.</summary>
    public TimeSpan ReadyAfter { get; private set; }

    public TimeSpan CpuTime
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    public long ResidentBytes
    {
        get
        {
            process.Refresh();
            return process.WorkingSet64;
        }
    }

    /// <summary>A gateway, with its request log on, in a file.</summary>
    /// <param name="build">The folder it was published to; null: the one built beside this program.</param>
    public static Task<Server> GatewayAsync(string? build, string log, IReadOnlyDictionary<string, string> settings)
    {
        var folder = build ?? Path.GetDirectoryName(typeof(Server).Assembly.Location)!;
        return StartAsync(Path.GetFullPath(Path.Combine(folder, "Gateway.dll")), address => [$"--urls={address}"], log, settings, "/health/ready");
    }

    /// <summary>What the machine can do at most: Kestrel, the body read and parsed, a small JSON answer.</summary>
    public static Task<Server> BareAsync() => OwnAsync("bare", new Dictionary<string, string>());

    /// <summary>The same, and the body is on stable storage before it is answered.</summary>
    /// <param name="settings">Of a store that nobody else uses.</param>
    public static Task<Server> CommittingAsync(IReadOnlyDictionary<string, string> settings) => OwnAsync("committing", settings);

    /// <summary>What the server's collector and compiler have counted, by name.</summary>
    public Dictionary<string, long> Collector()
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(probe));
        var answer = new byte[4096];
        return JsonSerializer.Deserialize<Dictionary<string, long>>(answer.AsSpan(0, socket.Receive(answer)))!;
    }

    /// <summary>
    /// Waits until it uses hardly any CPU, at most half a minute: after the first calls the runtime compiles what is hot once more,
    /// for seconds where the calls themselves leave it little of two cores.
    /// </summary>
    public async Task WhenQuietAsync()
    {
        var window = TimeSpan.FromMilliseconds(300);
        for (var left = 100; left > 0; left--)
        {
            var before = CpuTime;
            await Task.Delay(window);
            if (CpuTime - before < 0.1 * window)
            {
                return;
            }
        }
    }

    /// <summary>
    /// Waits until it is as it will be for the rest of its life: the runtime compiles a method again after 30 calls and, knowing how it is
    /// used, after 30 more, so what is called once a second takes a minute; what ends and begins with a connection is hot by now as well.
    /// </summary>
    public async Task WhenGrownAsync()
    {
        var age = DateTime.Now - process.StartTime;
        if (age < Grown)
        {
            await Task.Delay(Grown - age);
        }

        await WhenQuietAsync();
    }

    /// <summary>Asks it to stop in order, as an operator would.</summary>
    public void Stop()
    {
        using var kill = Process.Start("kill", ["-TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        process.WaitForExit();
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill();
            process.WaitForExit();
        }

        process.Dispose();
        File.Delete(probe);
    }

    private static Task<Server> OwnAsync(string command, IReadOnlyDictionary<string, string> settings) => StartAsync(
        typeof(Server).Assembly.Location, address => [command, address.ToString()], "/dev/null", settings, "/");

    /// <param name="output">Where its log goes: reading it here would cost the generator's time.</param>
    private static async Task<Server> StartAsync(
        string assembly, Func<Uri, string[]> arguments, string output, IReadOnlyDictionary<string, string> settings, string readyPath)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort()}");
        string[] command = ["dotnet", assembly, .. arguments(address)];
        var start = new ProcessStartInfo("sh", ["-c", "exec \"$@\" >> \"$0\"", output, .. command])
        {
            WorkingDirectory = Path.GetDirectoryName(assembly)!,
        };
        var probe = Path.Combine(Path.GetTempPath(), $"gateway-load-{Guid.NewGuid():N}.sock");
        start.Environment["DOTNET_STARTUP_HOOKS"] = typeof(Server).Assembly.Location;
        start.Environment[StartupHook.SocketVariable] = probe;
        foreach (var (key, value) in settings)
        {
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        var watch = Stopwatch.StartNew();
        var server = new Server(Process.Start(start)!, address, probe);
        await server.WhenReadyAsync(readyPath);
        server.ReadyAfter = watch.Elapsed;
        return server;
    }

    private async Task WhenReadyAsync(string path)
    {
        using var client = new HttpClient { BaseAddress = Address };
        for (var left = 6000; ; left--)
        {
            try
            {
                using var answer = await client.GetAsync(path);
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException) when (left > 0 && !process.HasExited)
            {
                // Not listening yet.
            }

            await Task.Delay(10);
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
