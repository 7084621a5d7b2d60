using System.Buffers;
using System.Text.Json;
using Gateway.Activities;

namespace Gateway.Resumption.Webhooks;

/// <summary>What a webhook says. Id and body depend on the outcome alone: every attempt sends the same bytes.</summary>
internal static class WebhookBody
{
    /// <summary>Stable across attempts and redeliveries, so that the receiver can drop repeats.</summary>
    public static string Id(ActivityId activity) => $"msg_{activity}";

    public static string Type(ActivityState state) => $"activity.{state.Wire()}";

    /// <summary><c>{"type","timestamp","data"}</c>; the timestamp is when the activity closed, not when this attempt is made.</summary>
    public static ReadOnlyMemory<byte> Write(ClosedActivity outcome)
    {
        var buffer = new ArrayBufferWriter<byte>(1024 + outcome.Body.Length);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("type", Type(outcome.Closing.State));
            json.WriteString("timestamp", Rfc3339.Format(outcome.Closing.ClosedAt));
            json.WritePropertyName("data");
            outcome.Write(json);
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }
}
