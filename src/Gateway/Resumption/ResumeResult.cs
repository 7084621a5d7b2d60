namespace Gateway.Resumption;

/// <summary>What one attempt to resume a workflow came to.</summary>
internal abstract record ResumeResult
{
    private ResumeResult() { }

    /// <summary>The target has the outcome.</summary>
    public sealed record Delivered(string Answer) : ResumeResult;

    /// <summary>Not this time.</summary>
    /// <param name="Reason">For the attempt's record: what the target answered or why it could not be reached. No secrets, no payload.</param>
    /// <param name="After">When the target asked to be called again; null leaves it to the schedule.</param>
    public sealed record Retry(string Reason, TimeSpan? After = null) : ResumeResult;

    /// <summary>The target will never take it: the entry is dead at once.</summary>
    public sealed record Rejected(string Reason) : ResumeResult;
}
