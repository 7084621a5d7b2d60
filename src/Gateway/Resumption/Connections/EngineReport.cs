using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using Gateway.Activities;

namespace Gateway.Resumption.Connections;

/// <summary>A failure as engines understand it.</summary>
/// <param name="Details">JSON text, byte for byte; null where there is none.</param>
internal sealed record EngineFailure(
    string Message, string Type, ReadOnlyMemory<byte>? Details = null, bool NonRetryable = false, TimeSpan? NextRetryDelay = null)
{
    public override string ToString() => $"failure {Type}";
}

/// <summary>What a closed activity means to an engine.</summary>
internal abstract record EngineReport
{
    /// <summary>Type of a failure whose sender named none.</summary>
    public const string PlainFailure = "CallbackFailed";

    /// <summary>Type of the failure that stands for a deadline of the gateway.</summary>
    public const string TimedOutFailure = "CallbackTimedOut";

    /// <summary>Type of the failure that stands for a cancellation the workflow had not asked for.</summary>
    public const string CanceledFailure = "CallbackCanceled";

    private EngineReport() { }

    /// <param name="Result">JSON text, byte for byte.</param>
    public sealed record Completed(ReadOnlyMemory<byte> Result) : EngineReport;

    public sealed record Failed(EngineFailure Failure) : EngineReport;

    /// <summary>The outside stopped. Engines take that only where the workflow asked; <see cref="AsFailure"/> is for the others.</summary>
    /// <param name="Details">JSON text; null where there is none.</param>
    public sealed record Canceled(ReadOnlyMemory<byte>? Details, string? Reason) : EngineReport
    {
        public EngineFailure AsFailure() => new(
            Reason is null
                ? "Canceled from outside; the workflow had not asked for it."
                : $"Canceled from outside; the workflow had not asked for it: {Reason}",
            CanceledFailure,
            Details);
    }

    /// <summary>The engine has nothing to hear about it.</summary>
    public sealed record Nothing(string Why) : EngineReport;

    public static EngineReport Of(ClosedActivity outcome) => outcome.Closing switch
    {
        { ClosedBy: ClosedBy.Superseded } => new Nothing("superseded by a later attempt: nothing to report"),
        { ClosedBy: ClosedBy.Engine } => new Nothing("the engine closed it first: nothing to report"),
        { State: ActivityState.Completed } => new Completed(outcome.Body),
        { State: ActivityState.Failed } => new Failed(Read(outcome.Body)),
        { State: ActivityState.Canceled } => new Canceled(Given(outcome.Body), outcome.Closing.Reason),
        { State: ActivityState.TimedOut } => new Failed(TimedOut(outcome.Closing)),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>The failure document was checked at the door (FailureRequest); its details go on byte for byte.</summary>
    private static EngineFailure Read(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body);
        var failure = document.RootElement;
        return new EngineFailure(
            failure.GetProperty("message").GetString()!,
            Member(failure, "type") is { ValueKind: JsonValueKind.String } type && type.GetString() is { Length: > 0 } text ? text : PlainFailure,
            Member(failure, "details") is { } details ? (ReadOnlyMemory<byte>?)JsonMarshal.GetRawUtf8Value(details).ToArray() : null,
            Member(failure, "nonRetryable") is { ValueKind: JsonValueKind.True },
            Member(failure, "nextRetryDelaySeconds") is { ValueKind: JsonValueKind.Number } delay ? TimeSpan.FromSeconds(delay.GetInt64()) : null);
    }

    private static JsonElement? Member(JsonElement document, string name) =>
        document.TryGetProperty(name, out var member) && member.ValueKind is not JsonValueKind.Null ? member : null;

    private static ReadOnlyMemory<byte>? Given(ReadOnlyMemory<byte> body) =>
        body.IsEmpty || body.Span.SequenceEqual("null"u8) ? (ReadOnlyMemory<byte>?)null : body;

    private static EngineFailure TimedOut(Closing closing)
    {
        var kind = (closing.TimeoutKind ?? TimeoutKind.Schedule).Wire();
        var buffer = new ArrayBufferWriter<byte>(128);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("timeoutKind", kind);
            json.WriteString("lastHeartbeat", closing.LastHeartbeat is { } at ? Rfc3339.Format(at) : null);
            json.WriteEndObject();
        }

        return new EngineFailure($"No outcome arrived in time ({kind} deadline of the callback gateway).", TimedOutFailure, buffer.WrittenMemory.ToArray());
    }
}
