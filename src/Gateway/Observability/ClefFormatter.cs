using System.Globalization;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Formatting.Display;
using Serilog.Formatting.Json;

namespace Gateway.Observability;

/// <summary>
/// One JSON object a line, in the members of the compact log event format: <c>@t</c> time, <c>@l</c> level where it is not
/// Information, <c>@m</c> message, <c>@x</c> exception, <c>@tr</c> and <c>@sp</c> trace and span, then the properties.
/// </summary>
internal sealed class ClefFormatter : ITextFormatter
{
    private static readonly JsonValueFormatter Values = new(typeTagName: null);

    /// <summary>Text without quotes around it: a sentence for people; the properties have the exact values.</summary>
    private static readonly MessageTemplateTextFormatter Messages = new("{Message:lj}", CultureInfo.InvariantCulture);

    [ThreadStatic]
    private static StringWriter? message;

    public void Format(LogEvent logEvent, TextWriter output)
    {
        output.Write("{\"@t\":\"");
        output.Write(logEvent.Timestamp.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
        output.Write('"');
        if (logEvent.Level is not LogEventLevel.Information)
        {
            Text(output, "@l", logEvent.Level.ToString());
        }

        Text(output, "@m", Message(logEvent));
        Text(output, "@x", logEvent.Exception?.ToString());
        Text(output, "@tr", logEvent.TraceId?.ToHexString());
        Text(output, "@sp", logEvent.SpanId?.ToHexString());
        foreach (var (name, value) in logEvent.Properties)
        {
            output.Write(',');
            // A doubled @ keeps a property from posing as one of the members above.
            JsonValueFormatter.WriteQuotedJsonString(name.StartsWith('@') ? '@' + name : name, output);
            output.Write(':');
            Values.Format(value, output);
        }

        output.WriteLine('}');
    }

    private static string Message(LogEvent logEvent)
    {
        var text = message ??= new StringWriter(CultureInfo.InvariantCulture);
        text.GetStringBuilder().Clear();
        Messages.Format(logEvent, text);
        return text.ToString();
    }

    private static void Text(TextWriter output, string name, string? value)
    {
        if (value is null)
        {
            return;
        }

        output.Write($",\"{name}\":");
        JsonValueFormatter.WriteQuotedJsonString(value, output);
    }
}
