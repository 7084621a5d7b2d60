using Gateway.JsonSchema;

namespace Gateway.Schemas;

/// <summary>Whether a body may be an activity's result.</summary>
internal abstract record Judgement
{
    private Judgement() { }

    public static Judgement Ok { get; } = new Fits();

    public sealed record Fits : Judgement;

    /// <summary>Not one JSON value.</summary>
    public sealed record NotJson(JsonProblem Problem) : Judgement;

    /// <param name="Truncated">There are more violations than are listed.</param>
    public sealed record Unfit(IReadOnlyList<Violation> Violations, bool Truncated) : Judgement;

    public static Judgement Of(Verdict verdict) => verdict.Kind switch
    {
        VerdictKind.Valid => Ok,
        VerdictKind.NotJson => new NotJson(verdict.Problem!),
        VerdictKind.BudgetExceeded => new Unfit(
            [new Violation("", "", null, "could not be decided within the steps one validation may take; send a smaller value")], false),
        _ => new Unfit(verdict.Violations, verdict.Truncated),
    };
}
