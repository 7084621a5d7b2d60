using Gateway.Persistence;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Http;

/// <summary>Exceptions at the edge: broken infrastructure says so, the server's own refusals keep their status, the rest is a bug.</summary>
internal sealed partial class Failures(ILogger<Failures> logger) : IExceptionHandler
{
    public static int StatusOf(Exception exception) => exception switch
    {
        BadHttpRequestException refused => refused.StatusCode,
        StorageException => StatusCodes.Status503ServiceUnavailable,
        ConnectionResetException => StatusCodes.Status499ClientClosedRequest,
        _ => StatusCodes.Status500InternalServerError,
    };

    public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken cancellationToken)
    {
        // The caller has gone in the middle of its body: nobody to answer, and no bug.
        if (exception is not ConnectionResetException)
        {
            await Answer(exception).ExecuteAsync(context);
        }

        return true;
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
