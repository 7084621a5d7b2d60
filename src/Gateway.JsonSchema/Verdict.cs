namespace Gateway.JsonSchema;

/// <summary>How an instance was judged.</summary>
public enum VerdictKind
{
    /// <summary>The instance fits the schema.</summary>
    Valid,

    /// <summary>The instance is JSON and does not fit; <see cref="Verdict.Violations"/> says why.</summary>
    Invalid,

    /// <summary>The bytes are not one JSON value; <see cref="Verdict.Problem"/> says why.</summary>
    NotJson,

    /// <summary>
    /// The verdict could not be reached within <see cref="SchemaOptions.StepBudget"/>, the stack, or a pattern's time limit. Never a pass.
    /// </summary>
    BudgetExceeded,
}

/// <summary>One way in which an instance breaks its schema: a unit of the <c>basic</c> output of JSON Schema 2020-12, section 12.</summary>
/// <param name="InstanceLocation">JSON Pointer to the offending value.</param>
/// <param name="KeywordLocation">JSON Pointer to the keyword, along the references that were followed.</param>
/// <param name="AbsoluteKeywordLocation">
/// The keyword's own URI. <see langword="null"/> where the schema has no <c>$id</c> and no reference was followed, since it would say the same.
/// </param>
/// <param name="Message">What was expected; values of the instance are never quoted.</param>
public sealed record Violation(string InstanceLocation, string KeywordLocation, string? AbsoluteKeywordLocation, string Message);

/// <summary>The answer of <see cref="JsonSchema.Validate"/>.</summary>
public sealed class Verdict
{
    /// <summary>The one verdict for every instance that fits.</summary>
    public static Verdict Valid { get; } = new(VerdictKind.Valid, []);

    internal static Verdict BudgetExceeded { get; } = new(VerdictKind.BudgetExceeded, []);

    private Verdict(VerdictKind kind, IReadOnlyList<Violation> violations)
    {
        (Kind, Violations) = (kind, violations);
    }

    /// <summary>How the instance was judged.</summary>
    public VerdictKind Kind { get; }

    /// <summary>Empty unless <see cref="Kind"/> is <see cref="VerdictKind.Invalid"/>; in the order of evaluation.</summary>
    public IReadOnlyList<Violation> Violations { get; }

    /// <summary>Whether there were more violations than <see cref="SchemaOptions.MaxErrors"/>, or than fit 250,000 characters of locations.</summary>
    public bool Truncated { get; private init; }

    /// <summary>Set when <see cref="Kind"/> is <see cref="VerdictKind.NotJson"/>.</summary>
    public JsonProblem? Problem { get; private init; }

    internal static Verdict NotJson(JsonProblem problem) => new(VerdictKind.NotJson, []) { Problem = problem };

    internal static Verdict Invalid(IReadOnlyList<Violation> violations, bool truncated) =>
        new(VerdictKind.Invalid, violations) { Truncated = truncated };
}
