using System.Globalization;
using Gateway.Resumption.Connections;

namespace Gateway.Resumption.Restate;

/// <summary>
/// What the ingress means. It answers 202 to every well-formed id, also for an awakeable that is completed or unknown: the first
/// completion counts, so a repeat does no harm, and nothing here says "gone".
/// </summary>
internal static class RestateAnswers
{
    public static EngineAnswer Judge(HttpAnswer answer)
    {
        var text = EngineText.Of(string.Create(CultureInfo.InvariantCulture, $"HTTP {answer.Code}"), EngineText.Message(answer.Body));
        return answer.Code switch
        {
            >= 200 and < 300 => new EngineAnswer.Done(text),
            // The id or the body itself; the server reads nothing else of a completion.
            400 or 413 or 422 => new EngineAnswer.Refused(text),
            408 or 429 => new EngineAnswer.Again(text, MayHaveArrived: true),
            // 470: the server starts and is not ready yet.
            470 or >= 500 => new EngineAnswer.Again(text, MayHaveArrived: true, Down: true),
            // A proxy, a wrong address, a missing or wrong token.
            _ => new EngineAnswer.Hold(text),
        };
    }
}
