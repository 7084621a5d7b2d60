using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Gateway.Persistence;

/// <summary>
/// Brings a file to the disk, and says so where that fails. <see cref="RandomAccess.FlushToDisk"/> does not: on Linux it returned as
/// if all were well when fsync answered EIO (seen with .NET 10.0.12).
/// </summary>
internal static class StableStorage
{
    private const int Interrupted = 4;

    private static readonly Lazy<Synchronize> Fsync = new(static () => Marshal.GetDelegateForFunctionPointer<Synchronize>(
        NativeLibrary.GetExport(NativeLibrary.GetMainProgramHandle(), "fsync")));

    [UnmanagedFunctionPointer(CallingConvention.Cdecl, SetLastError = true)]
    private delegate int Synchronize(SafeFileHandle file);

    /// <exception cref="IOException">The disk did not take it.</exception>
    public static void Flush(SafeFileHandle file)
    {
        if (OperatingSystem.IsWindows())
        {
            RandomAccess.FlushToDisk(file);
            return;
        }

        while (Fsync.Value(file) != 0)
        {
            if (Marshal.GetLastPInvokeError() is not Interrupted and var error)
            {
                throw new IOException(new Win32Exception(error).Message);
            }
        }
    }
}
