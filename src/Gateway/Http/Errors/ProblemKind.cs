namespace Gateway.Http.Errors;

/// <summary>What a sender may do after a problem.</summary>
internal enum Repeating
{
    /// <summary>Nothing was stored; the same call may succeed later.</summary>
    Safe,

    /// <summary>The same call fails again; a corrected one may succeed. Nothing was stored.</summary>
    AfterCorrection,

    /// <summary>No call can succeed any more: stop sending.</summary>
    Pointless,
}

/// <summary>One kind of error answer. Its code is a promise: never rename one.</summary>
/// <param name="Code">Stable name; the problem's <c>type</c> is <c>/problems/&lt;code&gt;</c>.</param>
/// <param name="Status">HTTP status.</param>
/// <param name="Title">The same words for every occurrence (RFC 9457 section 3.1.3).</param>
/// <param name="Meaning">For the page: what happened.</param>
/// <param name="Action">For the page: what to do now.</param>
/// <param name="Repeating">Whether sending again helps.</param>
internal sealed record ProblemKind(string Code, int Status, string Title, string Meaning, string Action, Repeating Repeating)
{
    public string Type => $"/problems/{Code}";
}
