using Gateway.Resumption.Connections;

namespace Gateway.Resumption.Temporal;

/// <summary>What Temporal's codes mean, together with their details: the code alone does not tell a dead token from a wrong URL.</summary>
internal static class TemporalAnswers
{
    private const string Gone = "NotFoundFailure";
    private const string TooLarge = "grpc: received message larger than max";
    private const string CancelNotAsked = "without activity being request canceled first";

    public static EngineAnswer Judge(EngineReply reply) => reply switch
    {
        { Code: Codes.Ok } => new EngineAnswer.Done("ok"),
        { Code: Codes.NotFound } when reply.Has(Gone) => new EngineAnswer.Gone(reply.Text),
        { Code: Codes.InvalidArgument } when TemporalRouteStyle.IsUnknownToken(reply) => new EngineAnswer.Hold(reply.Text),
        { Code: Codes.InvalidArgument } => new EngineAnswer.Refused(reply.Text),
        { Code: Codes.ResourceExhausted } when reply.Message.StartsWith(TooLarge, StringComparison.Ordinal) => new EngineAnswer.Refused(reply.Text),
        { Code: Codes.ResourceExhausted } => new EngineAnswer.Again(reply.Text, MayHaveArrived: false),
        { Code: Codes.Aborted } => new EngineAnswer.Again(reply.Text, MayHaveArrived: false),
        { Code: Codes.Unavailable } => new EngineAnswer.Again(reply.Text, MayHaveArrived: true, Down: !reply.FromEngine),
        { Code: Codes.Internal or Codes.Unknown or Codes.DeadlineExceeded or Codes.Canceled } =>
            new EngineAnswer.Again(reply.Text, MayHaveArrived: true),
        // Unknown namespace or URL, not authorized, namespace not active here, not implemented: somebody has to put it right.
        _ => new EngineAnswer.Hold(reply.Text),
    };

    /// <summary>Refused as canceled because the workflow never asked: it is to be a failure.</summary>
    public static bool IsCancelNotAsked(EngineReply reply) =>
        reply.Code == Codes.InvalidArgument && reply.Message.Contains(CancelNotAsked, StringComparison.Ordinal);
}
