using System.Text.Json.Serialization;
using Gateway.Resumption.Restate;

namespace Gateway.Resumption.Connections;

/// <summary>How the engines' ids are kept with an activity.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RestateTarget))]
internal sealed partial class TargetJson : JsonSerializerContext;
