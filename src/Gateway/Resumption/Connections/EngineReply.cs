namespace Gateway.Resumption.Connections;

/// <summary>The codes of gRPC, which both engines use over HTTP too.</summary>
internal static class Codes
{
    public const int Ok = 0;
    public const int Canceled = 1;
    public const int Unknown = 2;
    public const int InvalidArgument = 3;
    public const int DeadlineExceeded = 4;
    public const int NotFound = 5;
    public const int PermissionDenied = 7;
    public const int ResourceExhausted = 8;
    public const int FailedPrecondition = 9;
    public const int Aborted = 10;
    public const int Unimplemented = 12;
    public const int Internal = 13;
    public const int Unavailable = 14;
    public const int Unauthenticated = 16;
}

/// <summary>What an engine answered, whichever way it was asked: a code, its words, and the types of the details.</summary>
/// <param name="Details">Names of the detail messages without their packages, <c>NotFoundFailure</c>; empty where there are none.</param>
/// <param name="Body">The answer's message: protobuf over gRPC, JSON over HTTP.</param>
/// <param name="FromEngine">False where something before the engine answered: a proxy, or a port that serves something else.</param>
internal sealed record EngineReply(
    int Code, string Message, IReadOnlyList<string> Details, ReadOnlyMemory<byte> Body, bool FromEngine = true)
{
    public string Text => EngineText.Of(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"code {Code}"), Message);

    public bool Has(string detail) => Details.Contains(detail, StringComparer.Ordinal);
}
