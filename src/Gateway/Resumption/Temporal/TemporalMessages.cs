using Gateway.Activities;
using Gateway.Resumption.Connections;
using Gateway.Resumption.Temporal.Messages;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Gateway.Resumption.Temporal;

/// <summary>The four things the gateway says about an activity. Each is one method by token and one by ids.</summary>
internal enum TemporalCall
{
    Complete,
    Fail,
    Cancel,
    Heartbeat,
}

/// <summary>One call, ready for either transport: over gRPC the message goes as it is, over HTTP as its JSON form.</summary>
/// <param name="Namespace">The namespace's name, for path and metadata.</param>
/// <param name="Target">By token where it has one, else by ids.</param>
internal sealed record TemporalMessage(TemporalCall Call, string Namespace, TemporalTarget Target, IMessage Message)
{
    public bool ById => Target.TaskToken is null;

    public override string ToString() => $"{Call} {Target}";
}

/// <summary>Turns a report into Temporal's messages.</summary>
internal sealed class TemporalMessages(TemporalOptions options)
{
    private const string Encoding = "encoding";

    public TemporalMessage Complete(ActivityId id, TemporalTarget target, ReadOnlyMemory<byte> result)
    {
        var (identity, payloads) = (EngineIdentity.Of(id), Payloads(result));
        return Make(TemporalCall.Complete, target, target.TaskToken is { } token
            ? new RespondActivityTaskCompletedRequest { TaskToken = Bytes(token), Namespace = Name(target), Result = payloads, Identity = identity }
            : new RespondActivityTaskCompletedByIdRequest
            {
                Namespace = Name(target),
                WorkflowId = target.WorkflowId,
                RunId = target.RunId ?? "",
                ActivityId = target.ActivityId,
                Result = payloads,
                Identity = identity,
            });
    }

    public TemporalMessage Fail(ActivityId id, TemporalTarget target, EngineFailure reported)
    {
        var (identity, failure) = (EngineIdentity.Of(id), Failure(reported));
        return Make(TemporalCall.Fail, target, target.TaskToken is { } token
            ? new RespondActivityTaskFailedRequest { TaskToken = Bytes(token), Namespace = Name(target), Failure = failure, Identity = identity }
            : new RespondActivityTaskFailedByIdRequest
            {
                Namespace = Name(target),
                WorkflowId = target.WorkflowId,
                RunId = target.RunId ?? "",
                ActivityId = target.ActivityId,
                Failure = failure,
                Identity = identity,
            });
    }

    public TemporalMessage Cancel(ActivityId id, TemporalTarget target, ReadOnlyMemory<byte>? canceled)
    {
        var (identity, details) = (EngineIdentity.Of(id), Details(canceled));
        return Make(TemporalCall.Cancel, target, target.TaskToken is { } token
            ? new RespondActivityTaskCanceledRequest { TaskToken = Bytes(token), Namespace = Name(target), Details = details, Identity = identity }
            : new RespondActivityTaskCanceledByIdRequest
            {
                Namespace = Name(target),
                WorkflowId = target.WorkflowId,
                RunId = target.RunId ?? "",
                ActivityId = target.ActivityId,
                Details = details,
                Identity = identity,
            });
    }

    public TemporalMessage Heartbeat(ActivityId id, TemporalTarget target, ReadOnlyMemory<byte>? progress)
    {
        var (identity, details) = (EngineIdentity.Of(id), Details(progress));
        return Make(TemporalCall.Heartbeat, target, target.TaskToken is { } token
            ? new RecordActivityTaskHeartbeatRequest { TaskToken = Bytes(token), Namespace = Name(target), Details = details, Identity = identity }
            : new RecordActivityTaskHeartbeatByIdRequest
            {
                Namespace = Name(target),
                WorkflowId = target.WorkflowId,
                RunId = target.RunId ?? "",
                ActivityId = target.ActivityId,
                Details = details,
                Identity = identity,
            });
    }

    /// <summary>What the server measures against its blob limit is the size of this message.</summary>
    public Payloads Payloads(ReadOnlyMemory<byte> json)
    {
        var payload = new Payload();
        if (json.Span.SequenceEqual("null"u8))
        {
            payload.Metadata[Encoding] = ByteString.CopyFromUtf8("binary/null");
        }
        else
        {
            payload.Metadata[Encoding] = ByteString.CopyFromUtf8("json/plain");
            payload.Data = UnsafeByteOperations.UnsafeWrap(json);
        }

        foreach (var (name, value) in options.PayloadMetadata)
        {
            payload.Metadata[name] = ByteString.CopyFromUtf8(value);
        }

        return new Payloads { Payloads_ = { payload } };
    }

    private Payloads? Details(ReadOnlyMemory<byte>? json) => json is { } text ? Payloads(text) : null;

    /// <remarks>A failure without <c>applicationFailureInfo</c> is refused, so there always is one.</remarks>
    private Failure Failure(EngineFailure failure) => new()
    {
        Message = failure.Message,
        Source = EngineIdentity.Gateway,
        ApplicationFailureInfo = new ApplicationFailureInfo
        {
            Type = failure.Type,
            NonRetryable = failure.NonRetryable,
            Details = Details(failure.Details),
            NextRetryDelay = failure.NextRetryDelay is { } delay ? Duration.FromTimeSpan(delay) : null,
        },
    };

    private string Name(TemporalTarget target) => target.Namespace ?? options.Namespace;

    private TemporalMessage Make(TemporalCall call, TemporalTarget target, IMessage message) => new(call, Name(target), target, message);

    private static ByteString Bytes(byte[] token) => UnsafeByteOperations.UnsafeWrap(token);
}
