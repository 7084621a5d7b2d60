using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Gateway.Activities;

namespace Gateway.Persistence.Postgres;

/// <summary>
/// Finds a step's attempts: ids may be longer than an entry of a PostgreSQL index, twice eight bytes of their hash are not.
/// </summary>
internal static class StepHash
{
    /// <summary>Divides names, and stands in none: they hold no control characters.</summary>
    private const char Divider = '\0';

    public static long OfWorkflow(string workflowId) => Hash(workflowId, "", "");

    /// <summary>Of what tells the steps of one workflow apart, but the run.</summary>
    public static long OfStep(string @namespace, string workflowId, string activityId) => Hash(@namespace, workflowId, activityId);

    public static long OfStep(WorkflowReference step) => OfStep(step.Namespace, step.WorkflowId, step.ActivityId);

    private static long Hash(string first, string second, string third)
    {
        var text = ArrayPool<char>.Shared.Rent(first.Length + second.Length + third.Length + 2);
        var length = 0;
        foreach (var part in (ReadOnlySpan<string>)[first, second, third])
        {
            if (length > 0)
            {
                text[length++] = Divider;
            }

            part.CopyTo(text.AsSpan(length));
            length += part.Length;
        }

        Span<byte> digest = stackalloc byte[Sha256.Size];
        Sha256.Hash(MemoryMarshal.AsBytes(text.AsSpan(0, length)), digest);
        ArrayPool<char>.Shared.Return(text);
        return BinaryPrimitives.ReadInt64BigEndian(digest);
    }
}
