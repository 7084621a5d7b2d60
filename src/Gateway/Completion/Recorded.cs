using Gateway.Activities;
using Gateway.JsonSchema;

namespace Gateway.Completion;

/// <summary>What a completion came to.</summary>
internal abstract record Recorded
{
    private Recorded() { }

    /// <summary>The outcome is on stable storage: by this call, or by an earlier identical one.</summary>
    public sealed record Accepted(Closing Closing, bool Duplicate) : Recorded;

    /// <summary>A dry run: the result would have been accepted.</summary>
    public sealed record Valid : Recorded;

    /// <summary>Not one JSON value.</summary>
    public sealed record Malformed(JsonProblem Problem) : Recorded;

    /// <summary>The result does not fit the activity's schema; the activity stays pending.</summary>
    public sealed record InvalidResult(IReadOnlyList<Violation> Violations, bool Truncated) : Recorded;

    /// <summary>The activity has another result or failure, or it was canceled or timed out.</summary>
    public sealed record Closed(Closing Closing) : Recorded;

    /// <summary>The caller's token was replaced.</summary>
    public sealed record Superseded : Recorded;

    /// <summary>The activity is gone from storage: retention removed it.</summary>
    public sealed record Purged : Recorded;
}
