using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace Gateway.Tests.Resumption.Restate;

/// <summary>A real Restate server with the service of <c>tests/restate</c>, both on ports of their own; can be killed and started again.</summary>
public sealed class RestateServer : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo data = Directory.CreateTempSubdirectory("gateway-restate-");
    private readonly int[] ports = FreePorts(4);
    private static readonly HttpClient Http = new();
    private Process? service;
    private Process? server;

    public Uri Ingress => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{ports[0]}"));

    private Uri Admin => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{ports[1]}"));

    public async Task InitializeAsync()
    {
        if (RestatePackages.Missing is not null)
        {
            return;
        }

        service = Start(RestatePackages.Node!, RestatePackages.Directory!, [], "service.mjs", ports[3].ToString(CultureInfo.InvariantCulture));
        await Task.WhenAll(StartServerAsync(), WhenListeningAsync(ports[3]));
        using var registered = await Http.PostAsJsonAsync(
            new Uri(Admin, "/deployments"), new { uri = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{ports[3]}") });
        Assert.True(registered.IsSuccessStatusCode, await registered.Content.ReadAsStringAsync());
    }

    /// <summary>Starts the server on its data and waits until it serves.</summary>
    public async Task StartServerAsync()
    {
        string Listen(int port) => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");
        server = Start(
            RestatePackages.Server!,
            data.FullName,
            new()
            {
                ["RESTATE_BASE_DIR"] = data.FullName,
                ["RESTATE_NODE_NAME"] = "test",
                ["RESTATE_DISABLE_TELEMETRY"] = "true",
                ["RESTATE_DEFAULT_NUM_PARTITIONS"] = "1",
                ["RESTATE_INGRESS__BIND_ADDRESS"] = Listen(ports[0]),
                ["RESTATE_ADMIN__BIND_ADDRESS"] = Listen(ports[1]),
                ["RESTATE_BIND_ADDRESS"] = Listen(ports[2]),
            },
            "--no-logo");
        await UntilAsync(async () => (await Http.GetAsync(new Uri(Ingress, "/restate/health"))).IsSuccessStatusCode
            && (await Http.GetAsync(new Uri(Admin, "/health"))).IsSuccessStatusCode);
    }

    /// <summary>As a crash would: no time to say goodbye.</summary>
    public async Task KillServerAsync()
    {
        server!.Kill();
        await server.WaitForExitAsync().WaitAsync(Patience);
        server.Dispose();
        server = null;
    }

    /// <summary>Starts an order and returns at once.</summary>
    public async Task SendAsync(JsonObject order)
    {
        using var accepted = await CallAsync("/orders/charge/send", order);
        Assert.True(accepted.IsSuccessStatusCode, await accepted.Content.ReadAsStringAsync());
    }

    /// <summary>What the order's handler returned: waits until it has.</summary>
    public async Task<JsonObject> ResultAsync(JsonObject order)
    {
        using var answer = await CallAsync("/orders/charge", order).WaitAsync(Patience);
        return (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
    }

    public async Task DisposeAsync()
    {
        foreach (var process in new[] { server, service }.OfType<Process>())
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }

    }

    /// <summary>The same order again attaches to the invocation that is under way or done.</summary>
    private Task<HttpResponseMessage> CallAsync(string path, JsonObject order)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Ingress, path)) { Content = JsonContent.Create(order) };
        request.Headers.Add("idempotency-key", (string)order["id"]!);
        return Http.SendAsync(request);
    }

    private static Process Start(string program, string folder, Dictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (key, value) in environment)
        {
            start.Environment[key] = value;
        }

        var process = Process.Start(start)!;
        // A full pipe would stop the process.
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static Task WhenListeningAsync(int port) => UntilAsync(async () =>
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, port);
        return true;
    });

    /// <summary>Another process says by its port alone that it is up: there is no event to wait for, so it is asked.</summary>
    private static async Task UntilAsync(Func<Task<bool>> isUp)
    {
        using var asking = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        using var patience = new CancellationTokenSource(Patience);
        while (await asking.WaitForNextTickAsync(patience.Token))
        {
            try
            {
                if (await isUp())
                {
                    return;
                }
            }
            catch (Exception exception) when (exception is HttpRequestException or SocketException)
            {
                // Not yet.
            }
        }
    }

    private static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(listener => listener.Start());
        var free = listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port).ToArray();
        listeners.ForEach(listener => listener.Stop());
        return free;
    }
}
