using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Gateway.Benchmarks.Load;

/// <summary>Linux's own answer for many connections (<c>man 7 epoll</c>), level-triggered.</summary>
internal sealed partial class EpollReadiness : IReadiness
{
    private const int Add = 1;
    private const uint Readable = 1;
    private const int MostEvents = 256;
    private const int Interrupted = 4;

    /// <summary>A mask of 32 bits and 64 bits of one's own: side by side on x86-64, aligned elsewhere.</summary>
    private static readonly (int Size, int Data) Event = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? (12, 4) : (16, 8);

    private readonly SafeFileHandle epoll;
    private readonly byte[] events = new byte[MostEvents * Event.Size];
    private readonly int[] places = new int[MostEvents];

    public EpollReadiness(IReadOnlyList<Connection> connections)
    {
        epoll = new SafeFileHandle(Create(0), ownsHandle: true);
        for (var place = 0; place < connections.Count; place++)
        {
            var watched = new byte[Event.Size];
            MemoryMarshal.Write(watched, Readable);
            MemoryMarshal.Write(watched.AsSpan(Event.Data), place);
            if (Control(epoll, Add, connections[place].Handle, watched) != 0)
            {
                throw new Win32Exception();
            }
        }
    }

    public ReadOnlySpan<int> Wait(TimeSpan atMost)
    {
        var count = Wait(epoll, events, MostEvents, atMost == Timeout.InfiniteTimeSpan ? -1 : (int)Math.Ceiling(atMost.TotalMilliseconds));
        if (count < 0 && Marshal.GetLastPInvokeError() != Interrupted)
        {
            throw new Win32Exception();
        }

        for (var i = 0; i < count; i++)
        {
            places[i] = MemoryMarshal.Read<int>(events.AsSpan(i * Event.Size + Event.Data));
        }

        return places.AsSpan(0, Math.Max(0, count));
    }

    public void Dispose() => epoll.Dispose();

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    private static partial int Create(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    private static partial int Control(SafeFileHandle epoll, int operation, SafeHandle file, byte[] watched);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    private static partial int Wait(SafeFileHandle epoll, byte[] events, int most, int milliseconds);
}
