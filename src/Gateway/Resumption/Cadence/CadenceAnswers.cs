using Gateway.Resumption.Connections;

namespace Gateway.Resumption.Cadence;

/// <summary>What Cadence's codes mean, together with details and words: several unlike things share a code.</summary>
internal static class CadenceAnswers
{
    private const string CancelNotAsked = "Unable to add ActivityTaskCanceled event";
    private const string NoSuchActivity = "Cannot locate Activity ScheduleID";

    public static EngineAnswer Judge(EngineReply reply) => reply switch
    {
        { Code: Codes.Ok } => new EngineAnswer.Done("ok"),
        { Code: Codes.NotFound } when IsDomain(reply) => new EngineAnswer.Hold(reply.Text),
        { Code: Codes.NotFound } when reply.Has("EntityNotExistsError") || reply.Has("WorkflowExecutionAlreadyCompletedError") =>
            new EngineAnswer.Gone(reply.Text),
        { Code: Codes.InvalidArgument } when reply.Message.Contains(NoSuchActivity, StringComparison.Ordinal) => new EngineAnswer.Gone(reply.Text),
        { Code: Codes.InvalidArgument } => new EngineAnswer.Refused(reply.Text),
        // Permanent where it is a limit, an answer to the moment's load where it is the server's.
        { Code: Codes.ResourceExhausted } when reply.Has("LimitExceededError") => new EngineAnswer.Refused(reply.Text),
        { Code: Codes.ResourceExhausted or Codes.Aborted } => new EngineAnswer.Again(reply.Text, MayHaveArrived: false),
        { Code: Codes.Unknown or Codes.DeadlineExceeded or Codes.Internal or Codes.Unavailable or Codes.Canceled } =>
            new EngineAnswer.Again(reply.Text, MayHaveArrived: true, Down: !reply.FromEngine),
        // Not listed, not authorized, domain not active here, client not supported: somebody has to put it right.
        _ => new EngineAnswer.Hold(reply.Text),
    };

    /// <summary>Refused as canceled because the workflow never asked; the server calls that an error of its own.</summary>
    public static bool IsCancelNotAsked(EngineReply reply) =>
        reply.Code == Codes.Unknown && reply.Message.Contains(CancelNotAsked, StringComparison.Ordinal);

    /// <summary>An unknown domain has the same detail as a finished activity, but is somebody's slip that can be put right.</summary>
    private static bool IsDomain(EngineReply reply) =>
        reply.Message.StartsWith("Domain ", StringComparison.Ordinal) && reply.Message.EndsWith(" does not exist.", StringComparison.Ordinal);
}
