using System.Globalization;
using Serilog.Core;
using Serilog.Events;
using Serilog.Parsing;

namespace Gateway.Observability;

/// <summary>
/// Stands before every configured sink, so that no sink, whatever its form, sees a secret: not in a property, a message or
/// an exception's text. The request's path is dropped altogether; the hosting layer puts it on every event of a request.
/// Only the request log goes past it, whose lines hold no text of a caller's.
/// </summary>
internal sealed class RedactingSink(Serilog.Core.Logger inner) : ILogEventSink, IDisposable
{
    private const string RequestPath = "RequestPath";

    /// <summary>Numbers that mean something within one class only; source and message tell more.</summary>
    private const string EventId = "EventId";

    private static readonly MessageTemplateParser Parser = new();

    public void Emit(LogEvent logEvent)
    {
        logEvent.RemovePropertyIfPresent(RequestPath);
        logEvent.RemovePropertyIfPresent(EventId);
        List<LogEventProperty>? changed = null;
        foreach (var (name, value) in logEvent.Properties)
        {
            if (Scrub(value) is { } clean && !ReferenceEquals(clean, value))
            {
                (changed ??= []).Add(new LogEventProperty(name, clean));
            }
        }

        changed?.ForEach(logEvent.AddOrUpdateProperty);
        inner.Write(WithCleanText(logEvent));
    }

    public void Dispose() => inner.Dispose();

    private static LogEvent WithCleanText(LogEvent logEvent)
    {
        var template = SecretScrubber.Scrub(logEvent.MessageTemplate.Text);
        var exception = logEvent.Exception?.ToString();
        var cleanException = exception is null ? null : SecretScrubber.Scrub(exception);
        if (ReferenceEquals(template, logEvent.MessageTemplate.Text) && ReferenceEquals(exception, cleanException))
        {
            return logEvent;
        }

        return new LogEvent(
            logEvent.Timestamp,
            logEvent.Level,
            ReferenceEquals(exception, cleanException) ? logEvent.Exception : new RedactedException(cleanException!),
            Parser.Parse(template),
            logEvent.Properties.Select(property => new LogEventProperty(property.Key, property.Value)),
            logEvent.TraceId ?? default,
            logEvent.SpanId ?? default);
    }

    private static LogEventPropertyValue Scrub(LogEventPropertyValue value)
    {
        switch (value)
        {
            case ScalarValue { Value: string text }:
                var clean = SecretScrubber.Scrub(text);
                return ReferenceEquals(clean, text) ? value : new ScalarValue(clean);
            case ScalarValue { Value: null or bool or int or long or double or decimal or DateTime or DateTimeOffset or Guid or Enum }:
                return value;
            case ScalarValue scalar:
                // Some object whose text is known only when it is written: an address, a path, a header.
                return new ScalarValue(SecretScrubber.Scrub(Convert.ToString(scalar.Value, CultureInfo.InvariantCulture) ?? ""));
            case SequenceValue sequence:
                return new SequenceValue(sequence.Elements.Select(Scrub));
            case StructureValue structure:
                return new StructureValue(structure.Properties.Select(member => new LogEventProperty(member.Name, Scrub(member.Value))), structure.TypeTag);
            case DictionaryValue dictionary:
                return new DictionaryValue(dictionary.Elements.Select(member =>
                    new KeyValuePair<ScalarValue, LogEventPropertyValue>((ScalarValue)Scrub(member.Key), Scrub(member.Value))));
            default:
                return value;
        }
    }

    /// <summary>An exception's text without its secrets; the object itself could be asked for them again.</summary>
    private sealed class RedactedException(string text) : Exception(text.Split('\n', 2)[0])
    {
        public override string ToString() => text;
    }
}
