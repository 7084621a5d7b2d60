using System.Text.Json;
using Gateway.Activities;
using Gateway.Resumption.Connections;
using Gateway.Resumption.Temporal.Messages;
using Google.Protobuf;

namespace Gateway.Resumption.Temporal;

/// <summary>Which activity of Temporal waits: by its task token, or by its ids.</summary>
/// <param name="Namespace">Null: the connection's.</param>
/// <param name="TaskToken">The server's own token. It is neither signed nor encrypted, so it never leaves the gateway but to the server.</param>
/// <param name="RunId">Null: the current run.</param>
internal sealed record TemporalTarget(
    string? Namespace = null, byte[]? TaskToken = null, string? WorkflowId = null, string? RunId = null, string? ActivityId = null)
{
    public static TemporalTarget Read(string options) => JsonSerializer.Deserialize(options, TargetJson.Default.TemporalTarget)!;

    public ResumeTarget On(string connection) =>
        new(ResumeKind.Temporal, connection, JsonSerializer.Serialize(this, TargetJson.Default.TemporalTarget));

    /// <summary>
    /// The bytes of a task token, or null where the text is none: the server would answer so too, but only when the outcome is
    /// there. Unknown fields are let through, the format is the server's own.
    /// </summary>
    public static byte[]? ReadToken(string text)
    {
        if (TokenText.Decode(text) is not { Length: > 0 } bytes)
        {
            return null;
        }

        try
        {
            return TaskTokenContent.Parser.ParseFrom(bytes).NamespaceId.Length > 0 ? bytes : null;
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }

    public override string ToString() => TaskToken is null ? $"{WorkflowId}/{ActivityId}" : "by task token";
}
