using System.Buffers;

namespace Gateway.Http.Bodies;

/// <summary>
/// Buffers for bodies. The shared pool keeps one array of each size for every thread that ever used it; for sizes of
/// megabytes that is most of a process's memory, so those come from a pool that keeps a few for all.
/// </summary>
internal static class BodyBuffers
{
    private const int LargestShared = 64 * 1024;
    private const int LargestKept = 16 * 1024 * 1024;

    private static readonly ArrayPool<byte> Large = ArrayPool<byte>.Create(LargestKept, maxArraysPerBucket: 4);

    public static byte[] Rent(int length) => (length <= LargestShared ? ArrayPool<byte>.Shared : Large).Rent(length);

    public static void Return(byte[] buffer) => (buffer.Length <= LargestShared ? ArrayPool<byte>.Shared : Large).Return(buffer);
}
