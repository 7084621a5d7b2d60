using System.Diagnostics;
using System.Globalization;
using Gateway.Activities;
using Serilog.Core;
using Serilog.Events;
using Serilog.Parsing;

namespace Gateway.Observability;

/// <summary>
/// A request's line as its values. Nearly all lines are of this kind, and a dictionary of properties costs more than the rest
/// of the line: it is made only where a sink that knows nothing of this class takes it.
/// </summary>
/// <param name="problem">Code of the problem it was answered with.</param>
internal sealed class RequestLine(DateTimeOffset at, LogEventLevel level, string? problem, ActivityTraceId trace, ActivitySpanId span)
    : LogEvent(at, level, null, problem is null ? Answered : Refused, [], trace, span)
{
    public static readonly string Source = typeof(RequestLine).FullName!;

    private static readonly MessageTemplate Answered = new MessageTemplateParser().Parse(
        "{Method} {Route} answered {Status} in {Milliseconds} ms (activity {ActivityId}).");

    private static readonly MessageTemplate Refused = new MessageTemplateParser().Parse(
        "{Method} {Route} answered {Status} in {Milliseconds} ms (activity {ActivityId}, problem {Problem}).");

    private static readonly string[] Methods = ["POST", "GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS"];

    public required string Method { get; init; }

    /// <summary>The route's template, never the path: a token stands in it.</summary>
    public required string Route { get; init; }

    public required int Status { get; init; }

    public required double Milliseconds { get; init; }

    public required ActivityId? ActivityId { get; init; }

    public string? Problem => problem;

    /// <summary>A method that nobody serves is the caller's free text.</summary>
    public static string MethodOf(string sent) => Array.Find(Methods, sent.Equals) ?? "(other)";

    /// <summary>The sentence for people, as the template has it.</summary>
    public string Message()
    {
        var id = ActivityId?.ToString() ?? "null";
        return problem is null
            ? string.Create(CultureInfo.InvariantCulture, $"{Method} {Route} answered {Status} in {Milliseconds} ms (activity {id}).")
            : string.Create(CultureInfo.InvariantCulture, $"{Method} {Route} answered {Status} in {Milliseconds} ms (activity {id}, problem {problem}).");
    }

    /// <summary>The same line for sinks that know properties only.</summary>
    public RequestLine WithProperties()
    {
        Add(nameof(Method), Method);
        Add(nameof(Route), Route);
        Add(nameof(Status), Status);
        Add(nameof(Milliseconds), Milliseconds);
        Add(nameof(ActivityId), ActivityId?.ToString());
        Add(Constants.SourceContextPropertyName, Source);
        if (problem is not null)
        {
            Add(nameof(Problem), problem);
        }

        return this;
    }

    private void Add(string name, object? value) => AddOrUpdateProperty(new LogEventProperty(name, new ScalarValue(value)));
}
