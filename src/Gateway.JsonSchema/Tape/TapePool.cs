using System.Buffers;
using System.Runtime.CompilerServices;

namespace Gateway.JsonSchema.Tape;

/// <summary>
/// Arrays of tapes. The shared pool keeps one array of each size for every thread that ever used one, which for documents of
/// megabytes is more than all the rest of a process; large arrays come from a pool that keeps two for all threads.
/// </summary>
internal static class TapePool<T>
    where T : unmanaged
{
    private const int LargestSharedBytes = 256 * 1024;
    private const int LargestKeptBytes = 64 * 1024 * 1024;

    private static readonly int LargestShared = LargestSharedBytes / Unsafe.SizeOf<T>();
    private static readonly ArrayPool<T> Large = ArrayPool<T>.Create(LargestKeptBytes / Unsafe.SizeOf<T>(), maxArraysPerBucket: 2);

    public static T[] Rent(int length) => (length <= LargestShared ? ArrayPool<T>.Shared : Large).Rent(length);

    public static void Return(T[] array) => (array.Length <= LargestShared ? ArrayPool<T>.Shared : Large).Return(array);
}
