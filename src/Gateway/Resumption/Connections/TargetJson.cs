using System.Text.Json.Serialization;
using Gateway.Resumption.Cadence;
using Gateway.Resumption.Restate;
using Gateway.Resumption.Temporal;

namespace Gateway.Resumption.Connections;

/// <summary>How the engines' ids are kept with an activity.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CadenceTarget))]
[JsonSerializable(typeof(RestateTarget))]
[JsonSerializable(typeof(TemporalTarget))]
internal sealed partial class TargetJson : JsonSerializerContext;
