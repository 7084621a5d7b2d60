using System.Buffers;
using System.Text.Json;
using Gateway.Activities;
using Gateway.Resumption.Cadence.Messages;
using Gateway.Resumption.Connections;
using Google.Protobuf;

namespace Gateway.Resumption.Cadence;

/// <summary>One call, ready for either transport.</summary>
/// <param name="Method">Of the WorkerAPI.</param>
internal sealed record CadenceMessage(string Method, IMessage Message)
{
    public override string ToString() => Method;
}

/// <summary>Turns a report into Cadence's messages. There is no metadata: data is a blob in the worker's own format.</summary>
internal sealed class CadenceMessages(CadenceOptions options)
{
    private const string JavaException = "java.lang.RuntimeException";

    /// <summary>A missing result is a void one; present but empty it would fail a Go worker's decoder.</summary>
    public CadenceMessage Complete(ActivityId id, CadenceTarget target, ReadOnlyMemory<byte> result)
    {
        var (identity, payload) = (EngineIdentity.Of(id), Data(result));
        return target.TaskToken is { } token
            ? new("RespondActivityTaskCompleted", new RespondActivityTaskCompletedRequest { TaskToken = Bytes(token), Result = payload, Identity = identity })
            : new("RespondActivityTaskCompletedByID", new RespondActivityTaskCompletedByIDRequest
            {
                Domain = Domain(target),
                WorkflowExecution = Execution(target),
                ActivityId = target.ActivityId,
                Result = payload,
                Identity = identity,
            });
    }

    public CadenceMessage Fail(ActivityId id, CadenceTarget target, EngineFailure reported)
    {
        var (identity, failure) = (EngineIdentity.Of(id), Failure(target, reported));
        return target.TaskToken is { } token
            ? new("RespondActivityTaskFailed", new RespondActivityTaskFailedRequest { TaskToken = Bytes(token), Failure = failure, Identity = identity })
            : new("RespondActivityTaskFailedByID", new RespondActivityTaskFailedByIDRequest
            {
                Domain = Domain(target),
                WorkflowExecution = Execution(target),
                ActivityId = target.ActivityId,
                Failure = failure,
                Identity = identity,
            });
    }

    public CadenceMessage Cancel(ActivityId id, CadenceTarget target, ReadOnlyMemory<byte>? canceled)
    {
        var (identity, details) = (EngineIdentity.Of(id), canceled is { } json ? Data(json) : null);
        return target.TaskToken is { } token
            ? new("RespondActivityTaskCanceled", new RespondActivityTaskCanceledRequest { TaskToken = Bytes(token), Details = details, Identity = identity })
            : new("RespondActivityTaskCanceledByID", new RespondActivityTaskCanceledByIDRequest
            {
                Domain = Domain(target),
                WorkflowExecution = Execution(target),
                ActivityId = target.ActivityId,
                Details = details,
                Identity = identity,
            });
    }

    public CadenceMessage Heartbeat(ActivityId id, CadenceTarget target, ReadOnlyMemory<byte>? progress)
    {
        var (identity, details) = (EngineIdentity.Of(id), progress is { } json ? Data(json) : null);
        return target.TaskToken is { } token
            ? new("RecordActivityTaskHeartbeat", new RecordActivityTaskHeartbeatRequest { TaskToken = Bytes(token), Details = details, Identity = identity })
            : new("RecordActivityTaskHeartbeatByID", new RecordActivityTaskHeartbeatByIDRequest
            {
                Domain = Domain(target),
                WorkflowExecution = Execution(target),
                ActivityId = target.ActivityId,
                Details = details,
                Identity = identity,
            });
    }

    private static Payload? Data(ReadOnlyMemory<byte> json) =>
        json.Span.SequenceEqual("null"u8) ? null : new Payload { Data = Line(json.Span) };

    /// <summary>JSON and a newline, as the Go client writes a value; the Java client ignores the newline.</summary>
    private static ByteString Line(ReadOnlySpan<byte> json)
    {
        var line = new byte[json.Length + 1];
        json.CopyTo(line);
        line[^1] = (byte)'\n';
        return UnsafeByteOperations.UnsafeWrap(line);
    }

    private Failure Failure(CadenceTarget target, EngineFailure failure) => options.FailureStyle is CadenceFailureStyle.Java
        ? new Failure { Reason = target.FailureReason ?? options.FailureReason ?? JavaException, Details = Java(failure) }
        : new Failure { Reason = target.FailureReason ?? Reason(failure), Details = Line(failure.Details is { } details ? details.Span : Message(failure)) };

    /// <summary>A type that would pass for one of the client's own errors is none of ours to send.</summary>
    private string Reason(EngineFailure failure) =>
        failure.Type == EngineReport.PlainFailure || !CadenceTarget.IsReason(failure.Type)
            ? options.FailureReason ?? EngineReport.PlainFailure : failure.Type;

    /// <summary>There is no field for the message: without details it stands in their place, as a JSON string.</summary>
    private static byte[] Message(EngineFailure failure) => Write(json => json.WriteStringValue(failure.Message));

    /// <summary>What Gson makes of a <c>Throwable</c>.</summary>
    private static ByteString Java(EngineFailure failure) => UnsafeByteOperations.UnsafeWrap(Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("detailMessage", $"{failure.Type}: {failure.Message}");
        json.WriteString("stackTrace", "");
        json.WriteStartArray("suppressedExceptions");
        json.WriteEndArray();
        json.WriteEndObject();
    }));

    private static byte[] Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            write(json);
        }

        return buffer.WrittenSpan.ToArray();
    }

    private string Domain(CadenceTarget target) => target.Domain ?? options.Domain;

    private static WorkflowExecution Execution(CadenceTarget target) => new() { WorkflowId = target.WorkflowId, RunId = target.RunId ?? "" };

    private static ByteString Bytes(byte[] token) => UnsafeByteOperations.UnsafeWrap(token);
}
