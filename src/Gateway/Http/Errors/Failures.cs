using Gateway.Persistence;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Http.Errors;

/// <summary>Exceptions at the edge: broken infrastructure says so, the server's own refusals keep their status, the rest is a bug.</summary>
internal sealed partial class Failures(ILogger<Failures> logger)
{
    /// <summary>Answers a request that ended with an exception before its answer began.</summary>
    public async Task AnswerAsync(HttpContext context, Exception exception)
    {
        // The caller has gone in the middle of its body or while it waited: nobody to answer, and no bug.
        if (exception is ConnectionResetException
            || (exception is OperationCanceledException or IOException && context.RequestAborted.IsCancellationRequested))
        {
            context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return;
        }

        using var tracing = context.Features.GetRequiredFeature<RequestNote>().Tracing();
        context.Response.Clear();
        SecurityHeaders.Add(context.Response);
        await Answer(exception).ExecuteAsync(context);
    }

    private ProblemHttpResult Answer(Exception exception)
    {
        switch (exception)
        {
            case OverloadedException:
                // Refused by design, and counted; a line each would add to the load.
                return Problems.Overloaded();
            case UncertainCommitException:
                return Problems.StorageUncertain();
            case StorageDownException:
                // Told once by whoever commits; a line for each call would fill the disk that is full already.
                return Problems.StorageUnavailable();
            case StorageException:
                Log.StorageFailed(logger, exception);
                return Problems.StorageUnavailable();
            case BadHttpRequestException refused:
                return StatusProblems.For(refused.StatusCode);
            default:
                Log.Failed(logger, exception);
                return Problems.InternalError();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "The storage failed; the caller was told that nothing was acknowledged.")]
        public static partial void StorageFailed(ILogger logger, Exception exception);

        [LoggerMessage(2, LogLevel.Error, "A request failed by a bug.")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
