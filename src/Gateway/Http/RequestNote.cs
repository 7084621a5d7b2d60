using System.Diagnostics;
using Gateway.Activities;

namespace Gateway.Http;

/// <summary>What the request's line will say beside what the server knows.</summary>
internal sealed class RequestNote(IHeaderDictionary headers)
{
    private ActivityTraceId? trace;

    public ActivityId? Activity { get; set; }

    /// <summary>Code of the problem it was answered with.</summary>
    public string? Problem { get; set; }

    /// <summary>Of the collector's span where somebody collects traces, else the caller's own (W3C <c>traceparent</c>), else a new one.</summary>
    public ActivityTraceId Trace => trace ??= System.Diagnostics.Activity.Current?.TraceId
        ?? (ActivityContext.TryParse(headers.TraceParent, null, out var sent) ? sent.TraceId : ActivityTraceId.CreateRandom());

    /// <summary>
    /// Lets what is logged until it is disposed carry the request's trace. Not around the whole request: a span for each would
    /// cost more than the checks of its token, and nearly all of them log nothing but their line.
    /// </summary>
    public IDisposable? Tracing() => System.Diagnostics.Activity.Current is null
        ? new Activity("request").SetParentId(Trace, ActivitySpanId.CreateRandom()).Start()
        : null;
}
