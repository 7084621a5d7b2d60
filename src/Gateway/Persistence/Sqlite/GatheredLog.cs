using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Gateway.Persistence.Sqlite;

/// <summary>
/// Hands the frames of a commit to the system together, in one write where they are few. SQLite writes each in two, a header of 24 bytes and a page, which is ten
/// calls for a commit of one change and costs as much as a tenth of its fsync. Takes the place of the methods of the open log file
/// (<see href="https://sqlite.org/c3ref/io_methods.html"/>), and gives it back when the file is closed.
/// </summary>
/// <remarks>
/// What is gathered is written before the file is synced, read, measured or cut by this connection. Others read a frame only after its
/// commit has published it, which with <c>synchronous=FULL</c> it does after the sync; a write that fails there is the commit's failure,
/// as it was.
/// </remarks>
internal static unsafe partial class GatheredLog
{
    /// <summary>SQLite's own limit for one write is below 128 KiB. More than this is written in several.</summary>
    private const int Capacity = 28 * (24 + 4096);

    /// <summary>The first version of <c>sqlite3_io_methods</c> that has all the methods below.</summary>
    private const int MethodsVersion = 3;

    private const int Ok = 0;
    private const int JournalPointer = 28;

    /// <summary>From here on the connection's log is written so. Does nothing where it has none, or an unknown kind of file.</summary>
    /// <param name="database">A connection that has read in WAL mode.</param>
    public static void Attach(nint database)
    {
        LogFile* file = null;
        if (FileControl(database, "main", JournalPointer, &file) != Ok || file is null || file->Methods is null || file->Methods->Version < MethodsVersion)
        {
            return;
        }

        var gathering = (Gathering*)NativeMemory.AllocZeroed((nuint)sizeof(Gathering) + Capacity);
        gathering->Methods = *file->Methods;
        gathering->Original = file->Methods;
        gathering->Methods.Close = &Close;
        gathering->Methods.Read = &Read;
        gathering->Methods.Write = &Write;
        gathering->Methods.Truncate = &Truncate;
        gathering->Methods.Sync = &Sync;
        gathering->Methods.FileSize = &FileSize;
        file->Methods = &gathering->Methods;
    }

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_file_control", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int FileControl(nint database, string name, int operation, void* argument);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Write(LogFile* file, byte* bytes, int count, long offset)
    {
        var gathering = Of(file);
        if (offset != gathering->Offset + gathering->Length || gathering->Length + count > Capacity)
        {
            var code = Flush(file);
            if (code != Ok || count > Capacity)
            {
                return code == Ok ? gathering->Original->Write(file, bytes, count, offset) : code;
            }

            gathering->Offset = offset;
        }

        Unsafe.CopyBlockUnaligned(gathering->Bytes + gathering->Length, bytes, (uint)count);
        gathering->Length += count;
        return Ok;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Read(LogFile* file, void* bytes, int count, long offset)
    {
        var code = Flush(file);
        return code == Ok ? Of(file)->Original->Read(file, bytes, count, offset) : code;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Truncate(LogFile* file, long size)
    {
        var code = Flush(file);
        return code == Ok ? Of(file)->Original->Truncate(file, size) : code;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Sync(LogFile* file, int flags)
    {
        var code = Flush(file);
        return code == Ok ? Of(file)->Original->Sync(file, flags) : code;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int FileSize(LogFile* file, long* size)
    {
        var code = Flush(file);
        return code == Ok ? Of(file)->Original->FileSize(file, size) : code;
    }

    /// <summary>What is still gathered belongs to a transaction that was not committed.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Close(LogFile* file)
    {
        var gathering = Of(file);
        file->Methods = gathering->Original;
        NativeMemory.Free(gathering);
        return file->Methods->Close(file);
    }

    private static int Flush(LogFile* file)
    {
        var gathering = Of(file);
        var length = gathering->Length;
        gathering->Length = 0;
        return length == 0 ? Ok : gathering->Original->Write(file, gathering->Bytes, length, gathering->Offset);
    }

    /// <summary>The methods are its first member.</summary>
    private static Gathering* Of(LogFile* file) => (Gathering*)file->Methods;

    /// <summary><c>sqlite3_file</c>; what stands behind it is the file system's.</summary>
    private struct LogFile
    {
        public IoMethods* Methods;
    }

    /// <summary><c>sqlite3_io_methods</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct IoMethods
    {
        public int Version;
        public delegate* unmanaged[Cdecl]<LogFile*, int> Close;
        public delegate* unmanaged[Cdecl]<LogFile*, void*, int, long, int> Read;
        public delegate* unmanaged[Cdecl]<LogFile*, byte*, int, long, int> Write;
        public delegate* unmanaged[Cdecl]<LogFile*, long, int> Truncate;
        public delegate* unmanaged[Cdecl]<LogFile*, int, int> Sync;
        public delegate* unmanaged[Cdecl]<LogFile*, long*, int> FileSize;
        public nint Lock;
        public nint Unlock;
        public nint CheckReservedLock;
        public nint FileControl;
        public nint SectorSize;
        public nint DeviceCharacteristics;
        public nint ShmMap;
        public nint ShmLock;
        public nint ShmBarrier;
        public nint ShmUnmap;
        public nint Fetch;
        public nint Unfetch;
    }

    /// <summary>An open log's own methods, with what is gathered behind them.</summary>
    private struct Gathering
    {
        public IoMethods Methods;
        public IoMethods* Original;

        /// <summary>Where in the file the gathered bytes belong.</summary>
        public long Offset;

        public int Length;

        public readonly byte* Bytes => (byte*)Unsafe.AsPointer(ref Unsafe.AsRef(in this)) + sizeof(Gathering);
    }
}
