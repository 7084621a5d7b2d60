using System.Buffers;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Gateway.Resumption.Connections;

namespace Gateway.Resumption.Restate;

/// <summary>What an awakeable is told: <c>resolve</c> with a JSON value, or <c>reject</c> with a text.</summary>
internal static class RestateMessages
{
    public static (string Verb, HttpContent Content) Of(EngineReport report, RejectionText text) => report switch
    {
        EngineReport.Completed completed => ("resolve", Json(completed.Result)),
        EngineReport.Failed failed => ("reject", Text(failed.Failure, text)),
        // Restate cancels invocations, never a single awakeable: it cannot have asked.
        EngineReport.Canceled canceled => ("reject", Text(canceled.AsFailure(), text)),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static ReadOnlyMemoryContent Json(ReadOnlyMemory<byte> result)
    {
        var content = new ReadOnlyMemoryContent(result);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }

    private static StringContent Text(EngineFailure failure, RejectionText text) =>
        new(text is RejectionText.Json ? Document(failure) : $"{failure.Type}: {failure.Message}", Encoding.UTF8, "text/plain");

    private static string Document(EngineFailure failure)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("message", failure.Message);
            json.WriteString("type", failure.Type);
            if (failure.Details is { } details)
            {
                json.WritePropertyName("details");
                json.WriteRawValue(details.Span, skipInputValidation: true);
            }

            json.WriteBoolean("nonRetryable", failure.NonRetryable);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
