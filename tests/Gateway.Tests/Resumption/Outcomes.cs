using System.Text;
using Gateway.Activities;

namespace Gateway.Tests.Resumption;

/// <summary>Closed activities to hand over.</summary>
internal static class Outcomes
{
    public static readonly DateTimeOffset ClosedAt = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public static ClosedActivity Completed(string result = "1") => Closed(ActivityState.Completed, result);

    public static ClosedActivity Closed(ActivityState state, string body, string? reason = null) => new(
        ActivityId.New(ClosedAt),
        new WorkflowReference("default", "order-42", "run-1", "charge-card", 1),
        "ChargeCard",
        new Dictionary<string, string> { ["customer"] = "42" },
        new Closing(state, ClosedAt, ClosedBy.Token, OutcomeDigest.Of([]), reason),
        Encoding.UTF8.GetBytes(body));
}
