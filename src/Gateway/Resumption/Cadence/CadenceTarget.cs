using System.Text.Json;
using Gateway.Activities;
using Gateway.Resumption.Connections;

namespace Gateway.Resumption.Cadence;

/// <summary>Which activity of Cadence waits: by its task token, or by its ids.</summary>
/// <param name="Domain">Null: the connection's.</param>
/// <param name="TaskToken">The server's own token. It is unsigned JSON, and whoever reaches the server can complete anything with one.</param>
/// <param name="RunId">Null: the current run.</param>
/// <param name="FailureReason">Null: as the connection says.</param>
internal sealed record CadenceTarget(
    string? Domain = null,
    byte[]? TaskToken = null,
    string? WorkflowId = null,
    string? RunId = null,
    string? ActivityId = null,
    string? FailureReason = null)
{
    public const string ReasonRule = "must be 1 to 1000 characters and not begin with cadenceInternal:";

    public static CadenceTarget Read(string options) => JsonSerializer.Deserialize(options, TargetJson.Default.CadenceTarget)!;

    public ResumeTarget On(string connection) =>
        new(ResumeKind.Cadence, connection, JsonSerializer.Serialize(this, TargetJson.Default.CadenceTarget));

    /// <summary>The client's own reasons mean its own errors, with details of their own form.</summary>
    public static bool IsReason(string reason) =>
        reason.Length is >= 1 and <= 1000 && !reason.StartsWith("cadenceInternal:", StringComparison.Ordinal);

    /// <summary>
    /// What is wrong with a task token; null where nothing is. Checked here, because the server answers a malformed one like
    /// an outage of its own, and takes one of another domain.
    /// </summary>
    public static string? Mistake(string text, string? domainId)
    {
        const string Rule = "must be the base64 text of a Cadence task token";
        if (TokenText.Decode(text) is not { Length: > 0 } bytes)
        {
            return Rule;
        }

        try
        {
            using var document = JsonDocument.Parse(bytes);
            var token = document.RootElement;
            if (token.ValueKind is not JsonValueKind.Object || Text(token, "workflowId").Length == 0 || Text(token, "runId").Length == 0
                || !Guid.TryParseExact(Text(token, "domainId"), "D", out var domain))
            {
                return Rule;
            }

            return domainId is null || domain == Guid.Parse(domainId) ? null : "is a task token of another domain than the connection's";
        }
        catch (JsonException)
        {
            return Rule;
        }
    }

    public override string ToString() => TaskToken is null ? $"{WorkflowId}/{ActivityId}" : "by task token";

    private static string Text(JsonElement token, string name) =>
        token.TryGetProperty(name, out var member) && member.ValueKind is JsonValueKind.String ? member.GetString()! : "";
}
