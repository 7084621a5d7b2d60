namespace Gateway.Activities;

/// <summary>The spelling of the core's closed sets on the wire: camelCase, as in every JSON document of the gateway.</summary>
internal static class Words
{
    public static string Wire(this ActivityState state) => state switch
    {
        ActivityState.Pending => "pending",
        ActivityState.Completed => "completed",
        ActivityState.Failed => "failed",
        ActivityState.Canceled => "canceled",
        ActivityState.TimedOut => "timedOut",
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };

    public static string Wire(this ClosedBy closedBy) => closedBy switch
    {
        ClosedBy.Token => "token",
        ClosedBy.Runner => "runner",
        ClosedBy.Timeout => "timeout",
        ClosedBy.Superseded => "superseded",
        ClosedBy.Engine => "engine",
        _ => throw new ArgumentOutOfRangeException(nameof(closedBy)),
    };

    public static string Wire(this ResumeKind kind) => kind switch
    {
        ResumeKind.Pull => "pull",
        ResumeKind.Webhook => "webhook",
        ResumeKind.Temporal => "temporal",
        ResumeKind.Cadence => "cadence",
        ResumeKind.Restate => "restate",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    public static string Wire(this TimeoutKind kind) => kind is TimeoutKind.Heartbeat ? "heartbeat" : "schedule";

    /// <summary>The state a word names, or null where it names none.</summary>
    public static ActivityState? State(string word) =>
        Enum.GetValues<ActivityState>().Cast<ActivityState?>().FirstOrDefault(state => state!.Value.Wire() == word);

    /// <summary>The words of the kinds that push outcomes to a target.</summary>
    public const string PushKinds = "webhook, temporal, cadence, restate";

    /// <summary>The push kind a word names, or null where it names none.</summary>
    public static ResumeKind? Push(string word) => Enum.GetValues<ResumeKind>().Cast<ResumeKind?>()
        .FirstOrDefault(kind => kind is not ResumeKind.Pull && kind!.Value.Wire() == word);

    /// <summary>The capability a word names, or null where it names none.</summary>
    public static Capabilities? Capability(string word) =>
        Singles.Cast<Capabilities?>().FirstOrDefault(single => single!.Value.Wire() == word);

    /// <summary>The words of a set of capabilities, in the order of their bits.</summary>
    public static IReadOnlyList<string> List(this Capabilities capabilities) =>
        [.. Singles.Where(single => capabilities.HasFlag(single)).Select(Wire)];

    private static readonly Capabilities[] Singles =
        [Capabilities.Complete, Capabilities.Fail, Capabilities.Heartbeat, Capabilities.Cancel, Capabilities.Read];

    private static string Wire(this Capabilities single) => single switch
    {
        Capabilities.Complete => "complete",
        Capabilities.Fail => "fail",
        Capabilities.Heartbeat => "heartbeat",
        Capabilities.Cancel => "cancel",
        Capabilities.Read => "read",
        _ => throw new ArgumentOutOfRangeException(nameof(single)),
    };
}
