using System.Diagnostics;
using Gateway.Activities;
using Gateway.Http.Errors;
using Gateway.Observability;
using Serilog.Events;

namespace Gateway.Http;

/// <summary>
/// One line a request: method, route template, status, duration, activity id. The path itself is never written, a token
/// stands in it.
/// </summary>
/// <remarks>
/// Makes its event itself, beside the framework's loggers: there is one for every request, and theirs would also carry the
/// server's own ids, which the trace id makes superfluous. None of its values is a caller's text, so it goes past the redaction.
/// </remarks>
internal sealed class RequestLog(RequestDelegate next, GatewayLoggers loggers, Failures failures, TimeProvider time)
{
    private readonly Serilog.ILogger levels = loggers.Redacting.ForContext<RequestLine>();

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
        var note = new RequestNote(context.Request.Headers);
        context.Features.Set(note);
        var answered = false;
        try
        {
            // Failures and bare statuses are answered here and not in a middleware each: every one that waits for the rest costs
            // every request a state machine.
            try
            {
                await next(context);
                if (StatusProblems.IsBare(context.Response))
                {
                    await StatusProblems.For(context.Response.StatusCode).ExecuteAsync(context);
                }
            }
            catch (Exception exception) when (!context.Response.HasStarted)
            {
                await failures.AnswerAsync(context, exception);
            }

            // A caller that went away before the answer began has seen no status; one that goes right after it has.
            answered = !context.RequestAborted.IsCancellationRequested || context.Response.HasStarted;

            // Else it would be sent only when all of this has returned: nobody is to wait for the line.
            await context.Response.CompleteAsync();
        }
        finally
        {
            Write(context, note, time.GetElapsedTime(started), answered);
        }
    }

    private void Write(HttpContext context, RequestNote note, TimeSpan elapsed, bool answered)
    {
        var status = answered ? context.Response.StatusCode : StatusCodes.Status499ClientClosedRequest;
        var level = status >= StatusCodes.Status500InternalServerError ? LogEventLevel.Warning : LogEventLevel.Information;
        if (!levels.IsEnabled(level))
        {
            return;
        }

        var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText?.TrimEnd('/') ?? "(none)";
        var line = new RequestLine(time.GetUtcNow(), level, note.Problem, note.Trace, Activity.Current?.SpanId ?? default)
        {
            Method = RequestLine.MethodOf(context.Request.Method),
            Route = route,
            Status = status,
            Milliseconds = Math.Round(elapsed.TotalMilliseconds, 2),
            ActivityId = note.Activity,
        };
        loggers.Sinks.Write(loggers.ReadProperties ? line.WithProperties() : line);
    }
}
