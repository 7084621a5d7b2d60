namespace Gateway.Resumption.Connections;

/// <summary>The rule that Temporal and Cadence share: a task token, or the ids of workflow and activity.</summary>
internal static class EngineIds
{
    /// <summary>Both servers' <c>limit.maxIDLength</c>.</summary>
    private const int MaxLength = 1_000;

    /// <param name="isToken">Whether a text is a task token of the engine; null where it is, else what it must be.</param>
    public static IEnumerable<(string Field, string Message)> Check(ResumeRequest request, Func<string, string?> isToken)
    {
        (string Name, string? Value)[] ids = [("workflowId", request.WorkflowId), ("activityId", request.ActivityId)];
        if (request.TaskToken is { } token)
        {
            if (isToken(token) is { } mistake)
            {
                yield return ("taskToken", mistake);
            }

            foreach (var (name, _) in ids.Append(("runId", request.RunId)).Where(id => id.Item2 is not null))
            {
                yield return (name, "must be left out: the task token says it");
            }

            yield break;
        }

        foreach (var (name, value) in ids)
        {
            if (string.IsNullOrEmpty(value))
            {
                yield return (name, "is required where there is no taskToken");
            }
        }

        foreach (var (name, _) in ids.Append(("runId", request.RunId)).Where(id => id.Item2 is { Length: > MaxLength } || id.Item2?.Any(char.IsControl) == true))
        {
            yield return (name, $"must be at most {MaxLength} characters without control characters");
        }
    }
}
