using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Gateway.Activities;

namespace Gateway.Persistence.Postgres;

/// <summary>
/// Finds a step's attempts: ids may be longer than an entry of a PostgreSQL index, twice eight bytes of their hash are not.
/// </summary>
internal static class StepHash
{
    public static long OfWorkflow(string workflowId) => Hash(workflowId, null, null);

    /// <summary>Of what tells the steps of one workflow apart, but the run.</summary>
    public static long OfStep(string @namespace, string workflowId, string activityId) => Hash(@namespace, workflowId, activityId);

    public static long OfStep(WorkflowReference step) => OfStep(step.Namespace, step.WorkflowId, step.ActivityId);

    private static long Hash(string first, string? second, string? third)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, first);
        Append(hash, second);
        Append(hash, third);
        hash.GetHashAndReset(digest);
        return BinaryPrimitives.ReadInt64BigEndian(digest);
    }

    /// <summary>With its length, so that no two lists of names run together to the same text.</summary>
    private static void Append(IncrementalHash hash, string? text)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, text?.Length ?? -1);
        hash.AppendData(length);
        hash.AppendData(MemoryMarshal.AsBytes(text.AsSpan()));
    }
}
