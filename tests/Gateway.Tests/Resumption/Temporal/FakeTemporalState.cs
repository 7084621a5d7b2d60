using Gateway.Resumption.Temporal.Messages;
using Gateway.Tests.Resumption.Connections;
using Google.Protobuf;

namespace Gateway.Tests.Resumption.Temporal;

/// <summary>What the double's calls do: the server's checks in their order, with the server's texts.</summary>
internal static class FakeTemporalState
{
    private const string NoActivity = "invalid activityID or activity already timed out or invoking workflow is completed";

    public static readonly Dictionary<string, MessageParser> Methods = new()
    {
        ["RespondActivityTaskCompleted"] = RespondActivityTaskCompletedRequest.Parser,
        ["RespondActivityTaskCompletedById"] = RespondActivityTaskCompletedByIdRequest.Parser,
        ["RespondActivityTaskFailed"] = RespondActivityTaskFailedRequest.Parser,
        ["RespondActivityTaskFailedById"] = RespondActivityTaskFailedByIdRequest.Parser,
        ["RespondActivityTaskCanceled"] = RespondActivityTaskCanceledRequest.Parser,
        ["RespondActivityTaskCanceledById"] = RespondActivityTaskCanceledByIdRequest.Parser,
        ["RecordActivityTaskHeartbeat"] = RecordActivityTaskHeartbeatRequest.Parser,
        ["RecordActivityTaskHeartbeatById"] = RecordActivityTaskHeartbeatByIdRequest.Parser,
    };

    public static IMessage? Parse(string method, byte[] message) =>
        Methods.TryGetValue(method, out var parser) ? parser.ParseFrom(message) : null;

    public static FakeReply Apply(FakeTemporal temporal, IMessage call, string? authorization, string? pathNamespace)
    {
        if (temporal.Forced is { } forced)
        {
            return forced;
        }

        if (temporal.Bearer is { } bearer && authorization != $"Bearer {bearer}")
        {
            return new FakeReply(7, "Request unauthorized.", "PermissionDeniedFailure");
        }

        var name = pathNamespace ?? Text(call, "namespace");
        if (name != "default")
        {
            return new FakeReply(5, $"Namespace {name} is not found.", "NamespaceNotFoundFailure");
        }

        return Bytes(call, "task_token") is { } token ? ByToken(temporal, call, token) : ById(temporal, call);
    }

    private static FakeReply ByToken(FakeTemporal temporal, IMessage call, ByteString bytes)
    {
        if (bytes.IsEmpty)
        {
            return new FakeReply(3, "Task token not set on request.");
        }

        TaskTokenContent token;
        try
        {
            token = TaskTokenContent.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException)
        {
            return new FakeReply(3, "Error deserializing task token.");
        }

        switch (token.NamespaceId)
        {
            case "":
                return new FakeReply(3, "Namespace not set on request.");
            case FakeTemporal.OtherNamespaceId:
                return new FakeReply(3, "Operation requested with a token from a different namespace.");
            case not FakeTemporal.NamespaceId:
                return new FakeReply(5, $"Namespace {token.NamespaceId} is not found.", "NamespaceNotFoundFailure");
        }

        var found = temporal.Activities.Find(one => one.WorkflowId == token.WorkflowId && one.RunId == token.RunId);
        return found is null
            ? new FakeReply(5, $"workflow execution not found for workflow ID \"{token.WorkflowId}\" and run ID \"{token.RunId}\"", "NotFoundFailure")
            : found.WorkflowClosed ? new FakeReply(5, "workflow execution already completed", "NotFoundFailure")
            : found.Closed || !found.Started || found.Attempt != token.Attempt ? new FakeReply(5, NoActivity, "NotFoundFailure")
            : Change(temporal, found, call);
    }

    private static FakeReply ById(FakeTemporal temporal, IMessage call)
    {
        var (workflowId, runId, activityId) = (Text(call, "workflow_id"), Text(call, "run_id"), Text(call, "activity_id"));
        if (workflowId.Length == 0)
        {
            return new FakeReply(3, "WorkflowId is not set on request.");
        }

        var run = temporal.Activities.Where(one => one.WorkflowId == workflowId && (runId.Length == 0 || one.RunId == runId)).ToList();
        if (run.Count == 0)
        {
            return new FakeReply(5, $"workflow not found for ID: {workflowId}", "NotFoundFailure");
        }

        if (run.Exists(one => one.WorkflowClosed))
        {
            return new FakeReply(5, "workflow execution already completed", "NotFoundFailure");
        }

        var found = run.Find(one => one.ActivityId == activityId && !one.Closed);
        return found is null
            ? new FakeReply(5, $"cannot find pending activity with ActivityID {activityId}, check workflow execution history for more details", "NotFoundFailure")
            : !found.Started && call is not RespondActivityTaskCompletedByIdRequest ? new FakeReply(5, NoActivity, "NotFoundFailure")
            : Change(temporal, found, call);
    }

    private static FakeReply Change(FakeTemporal temporal, FakeActivity activity, IMessage call)
    {
        if (Text(call, "identity").Length > 1000)
        {
            return new FakeReply(3, "Identity length exceeds limit.");
        }

        var name = call.Descriptor.Name;
        var size = (Message(call, "result") ?? Message(call, "details"))?.CalculateSize() ?? 0;
        if (name.StartsWith("RecordActivityTaskHeartbeat", StringComparison.Ordinal))
        {
            activity.Log.Add(("heartbeat", call));
            return FakeReply.Ok(new RecordActivityTaskHeartbeatResponse { CancelRequested = activity.CancelRequested });
        }

        if (name.Contains("Canceled", StringComparison.Ordinal) && !activity.CancelRequested)
        {
            return new FakeReply(3, "unable to mark activity as canceled without activity being request canceled first");
        }

        if (name.Contains("Failed", StringComparison.Ordinal))
        {
            return Fail(activity, call);
        }

        activity.Closed = true;
        activity.Log.Add((size > temporal.BlobLimit ? "failed: Complete result exceeds size limit."
            : name.Contains("Canceled", StringComparison.Ordinal) ? "canceled" : "completed", call));
        return FakeReply.Ok();
    }

    private static FakeReply Fail(FakeActivity activity, IMessage call)
    {
        var failure = (Failure)Message(call, "failure")!;
        if (failure.ApplicationFailureInfo is null)
        {
            return new FakeReply(3, "Failure must have ApplicationFailureInfo.");
        }

        activity.Log.Add(("failed", call));
        if (!failure.ApplicationFailureInfo.NonRetryable && activity.Attempt < activity.MaxAttempts)
        {
            (activity.Attempt, activity.Started) = (activity.Attempt + 1, false);
        }
        else
        {
            activity.Closed = true;
        }

        return FakeReply.Ok();
    }

    private static object? Field(IMessage call, string name) => call.Descriptor.FindFieldByName(name)?.Accessor.GetValue(call);

    private static string Text(IMessage call, string name) => Field(call, name) as string ?? "";

    private static ByteString? Bytes(IMessage call, string name) => Field(call, name) as ByteString;

    private static IMessage? Message(IMessage call, string name) => Field(call, name) as IMessage;
}
