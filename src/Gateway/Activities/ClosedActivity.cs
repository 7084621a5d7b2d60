using System.Buffers;
using System.Text.Json;

namespace Gateway.Activities;

/// <summary>A closed activity with its recorded body: what every runner is handed, in every way it can be handed over.</summary>
internal sealed record ClosedActivity(
    ActivityId Id,
    WorkflowReference Reference,
    string? ActivityType,
    IReadOnlyDictionary<string, string> Labels,
    Closing Closing,
    ReadOnlyMemory<byte> Body)
{
    /// <summary>
    /// Writes the outcome document. The body goes out byte for byte as it came in: a number's text is the sender's.
    /// </summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("activityId", Id.ToString());
        json.WriteString("namespace", Reference.Namespace);
        json.WriteString("workflowId", Reference.WorkflowId);
        json.WriteString("runId", Reference.RunId);
        json.WriteString("activity", Reference.ActivityId);
        json.WriteNumber("attempt", Reference.Attempt);
        json.WriteString("activityType", ActivityType);
        json.WriteStartObject("labels");
        foreach (var (key, value) in Labels)
        {
            json.WriteString(key, value);
        }

        json.WriteEndObject();
        json.WriteString("state", Closing.State.Wire());
        WriteEnd(json);
        json.WriteString("closedAt", Rfc3339.Format(Closing.ClosedAt));
        json.WriteString("closedBy", Closing.ClosedBy.Wire());
        json.WriteEndObject();
    }

    public ReadOnlyMemory<byte> ToUtf8()
    {
        var buffer = new ArrayBufferWriter<byte>(512 + Body.Length);
        using (var json = new Utf8JsonWriter(buffer))
        {
            Write(json);
        }

        return buffer.WrittenMemory;
    }

    private void WriteEnd(Utf8JsonWriter json)
    {
        switch (Closing.State)
        {
            case ActivityState.Completed:
                WriteBody(json, "result");
                break;
            case ActivityState.Failed:
                WriteBody(json, "failure");
                break;
            case ActivityState.Canceled:
                WriteBody(json, "details");
                json.WriteString("reason", Closing.Reason);
                break;
            case ActivityState.TimedOut:
                json.WriteString("timeoutKind", (Closing.TimeoutKind ?? TimeoutKind.Schedule).Wire());
                json.WriteString("lastHeartbeat", Closing.LastHeartbeat is { } at ? Rfc3339.Format(at) : null);
                break;
        }
    }

    private void WriteBody(Utf8JsonWriter json, string name)
    {
        json.WritePropertyName(name);
        // Checked at the door; checking again would cost a second pass over every payload.
        json.WriteRawValue(Body.IsEmpty ? "null"u8 : Body.Span, skipInputValidation: true);
    }
}
