using Gateway.Activities;

namespace Gateway.Observability;

/// <summary>
/// One line a request: method, route template, status, duration, activity id. The path itself is never written, a token
/// stands in it.
/// </summary>
internal sealed partial class RequestLog(RequestDelegate next, ILogger<RequestLog> logger, TimeProvider time)
{
    private static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"];

    /// <summary>Says which activity a request is about, for its line.</summary>
    public static void Concerns(HttpContext context, ActivityId activity)
    {
        if (context.Features.Get<RequestNote>() is { } note)
        {
            note.Activity = activity;
        }
    }

    public async Task InvokeAsync(HttpContext context)
    {
        var started = time.GetTimestamp();
        var note = new RequestNote();
        context.Features.Set(note);
        var completed = false;
        try
        {
            await next(context);
            completed = true;
        }
        finally
        {
            Write(context, note, time.GetElapsedTime(started), completed);
        }
    }

    private void Write(HttpContext context, RequestNote note, TimeSpan elapsed, bool completed)
    {
        // A caller that went away before the answer began has seen no status; one that goes right after it has.
        var aborted = !completed || (context.RequestAborted.IsCancellationRequested && !context.Response.HasStarted);
        var status = aborted ? StatusCodes.Status499ClientClosedRequest : context.Response.StatusCode;
        var level = status >= StatusCodes.Status500InternalServerError ? LogLevel.Warning : LogLevel.Information;
        if (!logger.IsEnabled(level))
        {
            return;
        }

        var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText?.TrimEnd('/') ?? "(none)";
        // Anything else is the caller's free text.
        var method = Methods.Contains(context.Request.Method) ? context.Request.Method : "(other)";
        var (milliseconds, activity) = (Math.Round(elapsed.TotalMilliseconds, 2), note.Activity?.ToString());
        Log.Answered(logger, level, method, route, status, milliseconds, activity, note.Problem);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Message = "{Method} {Route} answered {Status} in {Milliseconds} ms (activity {ActivityId}, problem {Problem}).")]
        public static partial void Answered(
            ILogger logger, LogLevel level, string method, string route, int status, double milliseconds, string? activityId, string? problem);
    }
}

/// <summary>What the request's line will say beside what the server knows.</summary>
internal sealed class RequestNote
{
    public ActivityId? Activity { get; set; }

    /// <summary>Code of the problem it was answered with.</summary>
    public string? Problem { get; set; }
}
