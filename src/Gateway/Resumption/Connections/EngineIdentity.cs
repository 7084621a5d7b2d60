using Gateway.Activities;

namespace Gateway.Resumption.Connections;

/// <summary>
/// Who the gateway is to an engine, per activity: engines write it into the workflow's history, so that operators can tell
/// which delivery an event came from.
/// </summary>
internal static class EngineIdentity
{
    public const string Gateway = "callback-gateway";

    public static string Of(ActivityId id) => $"{Gateway}/{id}";
}
