using System.Text.Json.Serialization;

namespace Gateway.Resumption;

/// <summary>How a runner gets the outcome.</summary>
/// <param name="Kind"><c>pull</c> or <c>webhook</c>.</param>
/// <param name="Queue">For <c>pull</c>: the queue to lease from. Default <c>default</c>.</param>
/// <param name="Url">For <c>webhook</c>: where the signed outcome is posted.</param>
/// <param name="Headers">For <c>webhook</c>: more request headers.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ResumeRequest(
    string? Kind,
    string? Queue = null,
    string? Url = null,
    IReadOnlyDictionary<string, string>? Headers = null);
