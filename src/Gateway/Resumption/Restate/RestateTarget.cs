using System.Text.Json;
using System.Text.RegularExpressions;
using Gateway.Activities;
using Gateway.Resumption.Connections;

namespace Gateway.Resumption.Restate;

/// <summary>The awakeable that waits for an activity.</summary>
/// <remarks>Whoever knows the id can complete the awakeable at the ingress, so it is kept like a secret.</remarks>
internal sealed partial record RestateTarget(string AwakeableId)
{
    public const string IdRule = "must be an awakeable id: prom_1… or sign_1… as ctx.awakeable() gives it";

    public static RestateTarget Read(string options) => JsonSerializer.Deserialize(options, TargetJson.Default.RestateTarget)!;

    public ResumeTarget On(string connection) =>
        new(ResumeKind.Restate, connection, JsonSerializer.Serialize(this, TargetJson.Default.RestateTarget));

    /// <summary>
    /// The form only (<c>sign_1</c> since server 1.3, <c>prom_1</c> before, then invocation id and index as base64url): a well
    /// formed id that belongs to no invocation is accepted by the server too.
    /// </summary>
    public static bool IsAwakeableId(string? text) => text is not null && Form().IsMatch(text);

    public override string ToString() => "awakeable";

    [GeneratedRegex(@"^(prom|sign)_1[A-Za-z0-9_-]{16,250}\z")]
    private static partial Regex Form();
}
