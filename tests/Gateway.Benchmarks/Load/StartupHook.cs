using System.Net.Sockets;
using System.Text.Json;

/// <summary>
/// Loaded into a measured server by <c>DOTNET_STARTUP_HOOKS</c>: tells what its collector and compiler have counted to whoever connects to
/// the socket named in <see cref="SocketVariable"/>. The server itself knows nothing of it. The runtime wants this name, and
/// no namespace.
/// </summary>
internal static class StartupHook
{
    public const string SocketVariable = "GATEWAY_LOAD_PROBE";

    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable(SocketVariable) is not { Length: > 0 } path)
        {
            return;
        }

        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        new Thread(() => Serve(listener)) { IsBackground = true, Name = "load probe" }.Start();
    }

    private static void Serve(Socket listener)
    {
        while (true)
        {
            using var caller = listener.Accept();
            var memory = GC.GetGCMemoryInfo(GCKind.Any);
            var generations = memory.GenerationInfo;
            caller.Send(JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, long>
            {
                ["allocated"] = GC.GetTotalAllocatedBytes(),
                ["collections0"] = GC.CollectionCount(0),
                ["collections2"] = GC.CollectionCount(2),
                ["pausesMs"] = (long)GC.GetTotalPauseDuration().TotalMilliseconds,
                ["compiled"] = System.Runtime.JitInfo.GetCompiledMethodCount(),
                ["compilingMs"] = (long)System.Runtime.JitInfo.GetCompilationTime().TotalMilliseconds,
                ["heap"] = memory.HeapSizeBytes,
                ["large"] = generations.Length > 3 ? generations[3].SizeAfterBytes : 0,
            }));
        }
    }
}
