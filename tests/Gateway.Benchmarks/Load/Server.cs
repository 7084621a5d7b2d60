using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Gateway.Benchmarks.Load;

/// <summary>A server under load, in a process of its own.</summary>
internal sealed class Server : IDisposable
{
    private readonly Process process;

    private Server(Process process, Uri address) => (this.process, Address) = (process, address);

    public Uri Address { get; }

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

    /// <summary>The gateway beside this assembly, with its request log on, in a file beside its data.</summary>
    public static Task<Server> GatewayAsync(string directory) => StartAsync(
        typeof(Server).Assembly.Location.Replace("Gateway.Benchmarks.dll", "Gateway.dll", StringComparison.Ordinal),
        address => [$"--urls={address}", $"--Storage:DataDirectory={directory}"], $"{directory}.log");

    /// <summary>What the machine can do at most: Kestrel, the body read and parsed, a small JSON answer.</summary>
    public static Task<Server> BareAsync() => StartAsync(typeof(Server).Assembly.Location, address => ["bare", address.ToString()], "/dev/null");

    public void Dispose()
    {
        process.Kill();
        process.WaitForExit();
        process.Dispose();
    }

    /// <param name="output">Where its log goes: reading it here would cost the generator's time.</param>
    private static async Task<Server> StartAsync(string assembly, Func<Uri, string[]> arguments, string output)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort()}");
        string[] command = ["dotnet", assembly, .. arguments(address)];
        var start = new ProcessStartInfo("sh", ["-c", "exec \"$@\" > \"$0\"", output, .. command])
        {
            WorkingDirectory = Path.GetDirectoryName(assembly)!,
        };
        var server = new Server(Process.Start(start)!, address);
        await server.WhenReadyAsync();
        return server;
    }

    private async Task WhenReadyAsync()
    {
        using var client = new HttpClient { BaseAddress = Address };
        for (var left = 300; ; left--)
        {
            try
            {
                using var answer = await client.GetAsync("/health/live");
                return;
            }
            catch (HttpRequestException) when (left > 0)
            {
                await Task.Delay(100);
            }
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
