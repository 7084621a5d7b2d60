using Gateway.Tests.Resumption.Cadence;
using Gateway.Tests.Resumption.Temporal;

namespace Gateway.Tests.Resumption.Connections;

/// <summary>Connections of every kind: two to a double of Temporal, the others to a port where nobody listens.</summary>
internal static class EngineSettings
{
    public static Dictionary<string, string?> For(FakeTemporal temporal) => new()
    {
        ["Resume:Connections:prod:Kind"] = "temporal",
        ["Resume:Connections:prod:Url"] = temporal.Http.ToString(),
        ["Resume:Connections:prod:ApiKey"] = "secret-key-1",
        ["Resume:Connections:prod:BlobLimitBytes"] = "4096",
        ["Resume:Connections:grpc:Kind"] = "temporal",
        ["Resume:Connections:grpc:Url"] = temporal.Grpc.ToString(),
        ["Resume:Connections:grpc:Transport"] = "grpc",
        ["Resume:Connections:away:Kind"] = "temporal",
        ["Resume:Connections:away:Url"] = "http://127.0.0.1:1",
        ["Resume:Connections:pay:Kind"] = "cadence",
        ["Resume:Connections:pay:Url"] = "http://127.0.0.1:1",
        ["Resume:Connections:pay:Domain"] = "payments",
        ["Resume:Connections:pay:DomainId"] = FakeCadenceActivity.DomainId,
        ["Resume:Connections:wait:Kind"] = "restate",
        ["Resume:Connections:wait:Url"] = "http://127.0.0.1:1",
    };
}
