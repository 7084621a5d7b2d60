using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Threading.Channels;

namespace Gateway.Tests.Support;

/// <summary>A gateway as a child process, to be killed: started from the assembly beside the tests.</summary>
internal sealed class GatewayProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process process;
    private readonly ConcurrentQueue<string> output = new();
    private readonly Channel<bool> printed = Channel.CreateUnbounded<bool>();

    private GatewayProcess(Process process, Uri address)
    {
        (this.process, Address) = (process, address);
        Outside = new HttpClient { BaseAddress = address, Timeout = Patience };
    }

    public Uri Address { get; }

    public HttpClient Outside { get; }

    /// <summary>Everything the process has printed so far.</summary>
    public string Output => string.Join('\n', output);

    /// <summary>Starts on a free port over a data directory and returns when it is ready.</summary>
    public static Task<GatewayProcess> StartAsync(string directory, params string[] settings) =>
        StartAsync(directory, new Dictionary<string, string>(), settings);

    /// <summary>As above, with environment variables of its own.</summary>
    public static Task<GatewayProcess> StartAsync(string directory, IReadOnlyDictionary<string, string> environment, params string[] settings) =>
        StartAsync([$"--Storage:DataDirectory={directory}", .. settings], environment);

    /// <summary>Starts on a free port over some data and returns when it is ready.</summary>
    public static Task<GatewayProcess> StartAsync(TestData data, params string[] settings) => StartAsync(
        [.. data.Settings().Select(setting => $"--{setting.Key}={setting.Value}"), .. settings], new Dictionary<string, string>());

    private static async Task<GatewayProcess> StartAsync(string[] arguments, IReadOnlyDictionary<string, string> environment)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort()}");
        var start = StartOf([$"--urls={address}", .. arguments], environment);
        var gateway = new GatewayProcess(Process.Start(start)!, address);
        await gateway.WhenReadyAsync();
        return gateway;
    }

    /// <summary>Runs a gateway that is expected to refuse to start; its exit code and what it said.</summary>
    public static Task<(int ExitCode, string Error)> RunAsync(string directory, params string[] settings) =>
        RunAsync(directory, new Dictionary<string, string>(), settings);

    /// <summary>As above, with environment variables of its own.</summary>
    public static async Task<(int ExitCode, string Error)> RunAsync(
        string directory, IReadOnlyDictionary<string, string> environment, params string[] settings)
    {
        var (code, _, error) = await RunCommandAsync(["--urls=http://127.0.0.1:0", $"--Storage:DataDirectory={directory}", .. settings], environment);
        return (code, error);
    }

    /// <summary>Runs the program with these arguments to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> RunCommandAsync(
        string[] arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        using var process = Process.Start(StartOf(arguments, environment ?? new Dictionary<string, string>()))!;
        using var patience = new CancellationTokenSource(Patience);
        var output = process.StandardOutput.ReadToEndAsync(patience.Token);
        var error = await process.StandardError.ReadToEndAsync(patience.Token);
        await process.WaitForExitAsync(patience.Token);
        return (process.ExitCode, await output, error);
    }

    /// <summary>Runs the program as its own probe against an address; its exit code.</summary>
    public static async Task<int> CheckHealthAsync(Uri address)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardError = true };
        start.ArgumentList.Add(typeof(Program).Assembly.Location);
        start.ArgumentList.Add("--healthcheck");
        start.Environment["ASPNETCORE_URLS"] = address.ToString();
        using var process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(Patience);
        await process.StandardError.ReadToEndAsync(patience.Token);
        await process.WaitForExitAsync(patience.Token);
        return process.ExitCode;
    }

    /// <summary>Returns once the process has printed a line with this text.</summary>
    public async Task WhenPrintedAsync(string text)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!Output.Contains(text, StringComparison.Ordinal))
        {
            await printed.Reader.ReadAsync(patience.Token);
        }
    }

    public HttpClient Runner(string directory) => Client(File.ReadAllText(Path.Combine(directory, "runner.key")).Trim());

    public HttpClient Runner(TestData data) => Client(data.RunnerKey);

    /// <summary>SIGKILL: the process gets no chance to do anything.</summary>
    public void Kill()
    {
        process.Kill();
        process.WaitForExit();
    }

    /// <summary>SIGTERM, and the wait for a clean end.</summary>
    public async Task<int> StopAsync()
    {
        using (var kill = Process.Start("kill", ["-TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
        {
            await kill.WaitForExitAsync();
        }

        using var patience = new CancellationTokenSource(Patience);
        await process.WaitForExitAsync(patience.Token);
        return process.ExitCode;
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            Kill();
        }

        Outside.Dispose();
        process.Dispose();
    }

    /// <summary>Returns the exit code once the process has ended by itself.</summary>
    public async Task<int> WhenEndedAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        await process.WaitForExitAsync(patience.Token);
        return process.ExitCode;
    }

    private static ProcessStartInfo StartOf(string[] arguments, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(Program).Assembly.Location, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return start;
    }

    private async Task WhenReadyAsync()
    {
        // The server says so itself, in a line of its log.
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        process.EnableRaisingEvents = true;
        process.Exited += (_, _) => ready.TrySetException(new InvalidOperationException($"The gateway ended: {Output}"));
        process.OutputDataReceived += (_, line) => Take(line.Data, ready);
        process.ErrorDataReceived += (_, line) => Take(line.Data, ready);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await ready.Task.WaitAsync(Patience);
    }

    private HttpClient Client(string key)
    {
        var client = new HttpClient { BaseAddress = Address, Timeout = Patience };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return client;
    }

    private void Take(string? line, TaskCompletionSource ready)
    {
        if (line is null)
        {
            return;
        }

        output.Enqueue(line);
        printed.Writer.TryWrite(true);
        if (line.Contains("Application started", StringComparison.Ordinal))
        {
            ready.TrySetResult();
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
