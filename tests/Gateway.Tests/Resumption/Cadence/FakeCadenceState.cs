using System.Text;
using System.Text.Json;
using Gateway.Resumption.Cadence.Messages;
using Gateway.Tests.Resumption.Connections;
using Google.Protobuf;

namespace Gateway.Tests.Resumption.Cadence;

/// <summary>One activity of the double; attempts count from 0.</summary>
internal sealed class FakeCadenceActivity
{
    public const string DomainId = "7b2f9d1c-3a64-4c0e-9d55-0f6f0f2c1a11";

    public required string WorkflowId { get; init; }
    public string RunId { get; init; } = "32049b68-7872-4094-8e63-d0dd59896a83";
    public string ActivityId { get; init; } = "0";
    public int Attempt { get; set; }
    public bool Started { get; set; } = true;
    public bool CancelRequested { get; set; }
    public bool WorkflowClosed { get; set; }
    public bool Closed { get; set; }
    public int MaxAttempts { get; init; } = 1;

    public List<(string Kind, IMessage Message)> Log { get; } = [];

    public byte[] Token(string domainId = DomainId) => Encoding.UTF8.GetBytes(
        $$"""{"domainId":"{{domainId}}","workflowId":"{{WorkflowId}}","workflowType":"main.OrderWorkflow","runId":"{{RunId}}","scheduleId":5,"scheduleAttempt":{{Attempt}},"activityId":"{{ActivityId}}","activityType":"main.Charge"}""");
}

/// <summary>What the double's calls do, with the server's texts.</summary>
internal static class FakeCadenceState
{
    private const int BlobLimit = 2 * 1024 * 1024;

    public static readonly Dictionary<string, MessageParser> Methods = new()
    {
        ["RespondActivityTaskCompleted"] = RespondActivityTaskCompletedRequest.Parser,
        ["RespondActivityTaskCompletedByID"] = RespondActivityTaskCompletedByIDRequest.Parser,
        ["RespondActivityTaskFailed"] = RespondActivityTaskFailedRequest.Parser,
        ["RespondActivityTaskFailedByID"] = RespondActivityTaskFailedByIDRequest.Parser,
        ["RespondActivityTaskCanceled"] = RespondActivityTaskCanceledRequest.Parser,
        ["RespondActivityTaskCanceledByID"] = RespondActivityTaskCanceledByIDRequest.Parser,
        ["RecordActivityTaskHeartbeat"] = RecordActivityTaskHeartbeatRequest.Parser,
        ["RecordActivityTaskHeartbeatByID"] = RecordActivityTaskHeartbeatByIDRequest.Parser,
    };

    public static FakeReply Apply(FakeCadence cadence, IMessage call) => cadence.Forced
        ?? (Field(call, "task_token") is ByteString token ? ByToken(cadence, call, token) : ById(cadence, call));

    private static FakeReply ByToken(FakeCadence cadence, IMessage call, ByteString bytes)
    {
        JsonElement token;
        try
        {
            token = JsonDocument.Parse(bytes.ToByteArray()).RootElement;
        }
        catch (JsonException)
        {
            return new FakeReply(2, "unexpected end of JSON input");
        }

        var domain = token.GetProperty("domainId").GetString();
        if (domain != FakeCadenceActivity.DomainId)
        {
            return new FakeReply(5, $"Domain {domain} does not exist.", "EntityNotExistsError");
        }

        var found = cadence.Activities.Find(one => one.WorkflowId == token.GetProperty("workflowId").GetString());
        return found is null ? new FakeReply(5, "Workflow execution not found.  WorkflowId: w, RunId: r", "EntityNotExistsError")
            : found.WorkflowClosed ? new FakeReply(5, "Workflow execution already completed.", "EntityNotExistsError")
            : found.Closed || !found.Started || found.Attempt != token.GetProperty("scheduleAttempt").GetInt32()
                ? new FakeReply(5, "activity task not found", "EntityNotExistsError")
            : Change(found, call);
    }

    private static FakeReply ById(FakeCadence cadence, IMessage call)
    {
        if (Field(call, "domain") is not "payments")
        {
            return new FakeReply(5, $"Domain {Field(call, "domain")} does not exist.", "EntityNotExistsError");
        }

        var execution = (WorkflowExecution)Field(call, "workflow_execution")!;
        var found = cadence.Activities.Find(one => one.WorkflowId == execution.WorkflowId
            && (execution.RunId.Length == 0 || one.RunId == execution.RunId) && one.ActivityId == (string?)Field(call, "activity_id") && !one.Closed);
        return found is null ? new FakeReply(3, "Cannot locate Activity ScheduleID")
            : found.WorkflowClosed ? new FakeReply(5, "Workflow execution already completed.", "EntityNotExistsError")
            : !found.Started ? new FakeReply(5, "activity task not found", "EntityNotExistsError")
            : Change(found, call);
    }

    private static FakeReply Change(FakeCadenceActivity activity, IMessage call)
    {
        var name = call.Descriptor.Name;
        if (name.StartsWith("RecordActivityTaskHeartbeat", StringComparison.Ordinal))
        {
            activity.Log.Add(("heartbeat", call));
            return FakeReply.Ok(new RecordActivityTaskHeartbeatResponse { CancelRequested = activity.CancelRequested });
        }

        if (name.Contains("Canceled", StringComparison.Ordinal) && !activity.CancelRequested)
        {
            return new FakeReply(2, "cadence internal error, msg: Unable to add ActivityTaskCanceled event to history.");
        }

        var failed = name.Contains("Failed", StringComparison.Ordinal);
        var tooLarge = ((Field(call, "result") ?? Field(call, "details")) as Payload)?.Data.Length > BlobLimit;
        activity.Log.Add((tooLarge ? "failed: COMPLETE_RESULT_EXCEEDS_LIMIT" : failed ? "failed"
            : name.Contains("Canceled", StringComparison.Ordinal) ? "canceled" : "completed", call));
        if (failed && activity.Attempt + 1 < activity.MaxAttempts)
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
}
