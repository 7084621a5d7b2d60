namespace Gateway.Activities;

/// <summary>
/// Which step of which workflow an activity stands for. The whole record is the identity of a registration: two
/// registrations with equal references are the same activity.
/// </summary>
/// <param name="Namespace">The tenant; an API key belongs to one.</param>
/// <param name="WorkflowId">The workflow's own id.</param>
/// <param name="RunId">The run within the workflow; empty where the engine knows no runs.</param>
/// <param name="ActivityId">The step's own id within the run (not the gateway's <see cref="Activities.ActivityId"/>).</param>
/// <param name="Attempt">Counted by the runner from 1; a higher one supersedes a pending lower one.</param>
internal sealed record WorkflowReference(string Namespace, string WorkflowId, string RunId, string ActivityId, int Attempt);
