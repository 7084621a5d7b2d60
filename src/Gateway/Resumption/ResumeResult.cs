namespace Gateway.Resumption;

/// <summary>What one attempt to resume a workflow came to.</summary>
internal abstract record ResumeResult
{
    private ResumeResult(string text) => Text = text;

    /// <summary>For the attempt's record: what the target answered or why it could not be reached. No secrets, no payload.</summary>
    public string Text { get; }

    /// <summary>The target has the outcome.</summary>
    public sealed record Delivered(string Answer) : ResumeResult(Answer);

    /// <summary>Not this time.</summary>
    /// <param name="After">How long the target asked to be left alone; null leaves it to the schedule.</param>
    /// <param name="MayHaveArrived">The target may have the outcome all the same: a later "not found" does not say that it is lost.</param>
    public sealed record Retry(string Reason, TimeSpan? After = null, bool MayHaveArrived = false) : ResumeResult(Reason);

    /// <summary>The target waits no more, and an earlier attempt of unknown result may be why: settled, for an operator to judge.</summary>
    public sealed record SettledAmbiguous(string Reason) : ResumeResult(Reason);

    /// <summary>The target will never take it: the entry is dead at once.</summary>
    public sealed record Rejected(string Reason) : ResumeResult(Reason);
}
