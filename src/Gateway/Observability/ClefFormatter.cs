using System.Buffers;
using System.Globalization;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Formatting.Json;
using Serilog.Parsing;

namespace Gateway.Observability;

/// <summary>
/// One JSON object a line, in the members of the compact log event format: <c>@t</c> time, <c>@l</c> level where it is not
/// Information, <c>@m</c> message, <c>@x</c> exception, <c>@tr</c> and <c>@sp</c> trace and span, then the properties.
/// </summary>
/// <remarks>Every request is a line, so what lines are made of (text, whole and decimal numbers) is written without a detour.</remarks>
internal sealed class ClefFormatter : ITextFormatter
{
    private const int LongestNumber = 32;

    private static readonly JsonValueFormatter Values = new(typeTagName: null);

    /// <summary>What may not stand in a JSON string as it is (RFC 8259 section 7).</summary>
    private static readonly SearchValues<char> Special =
        SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(code => (char)code), '"', '\\']);

    public void Format(LogEvent logEvent, TextWriter output)
    {
        output.Write("{\"@t\":\"");
        Span<char> time = stackalloc char[LongestNumber];
        logEvent.Timestamp.UtcDateTime.TryFormat(time, out var length, "O", CultureInfo.InvariantCulture);
        output.Write(time[..length]);
        if (logEvent.Level is not LogEventLevel.Information)
        {
            output.Write("\",\"@l\":\"");
            output.Write(logEvent.Level.ToString());
        }

        output.Write("\",\"@m\":\"");
        Message(output, logEvent);
        output.Write('"');
        Text(output, "@x", logEvent.Exception?.ToString());
        Text(output, "@tr", logEvent.TraceId?.ToHexString());
        Text(output, "@sp", logEvent.SpanId?.ToHexString());
        foreach (var (name, value) in logEvent.Properties)
        {
            // A doubled @ keeps a property from posing as one of the members above.
            output.Write(name.StartsWith('@') ? ",\"@" : ",\"");
            Escape(output, name);
            output.Write("\":");
            Value(output, value);
        }

        output.WriteLine('}');
    }

    /// <summary>A sentence for people: text without quotes around it; the properties have the exact values.</summary>
    private static void Message(TextWriter output, LogEvent logEvent)
    {
        foreach (var token in logEvent.MessageTemplate.Tokens)
        {
            if (token is PropertyToken { Alignment: null, Format: null } property && logEvent.Properties.TryGetValue(property.PropertyName, out var value)
                && value is ScalarValue { Value: var plain } && (plain is string || IsNumber(plain)))
            {
                if (plain is string text)
                {
                    Escape(output, text);
                }
                else
                {
                    Value(output, value);
                }
            }
            else if (token is TextToken words)
            {
                Escape(output, words.Text);
            }
            else
            {
                using var rendered = new StringWriter(CultureInfo.InvariantCulture);
                token.Render(logEvent.Properties, rendered, CultureInfo.InvariantCulture);
                Escape(output, rendered.ToString());
            }
        }
    }

    private static void Text(TextWriter output, string name, string? value)
    {
        if (value is null)
        {
            return;
        }

        output.Write(",\"");
        output.Write(name);
        output.Write("\":\"");
        Escape(output, value);
        output.Write('"');
    }

    private static bool IsNumber(object? value) => value is int or long || (value is double number && double.IsFinite(number));

    private static void Value(TextWriter output, LogEventPropertyValue value)
    {
        switch (value)
        {
            case ScalarValue { Value: string text }:
                output.Write('"');
                Escape(output, text);
                output.Write('"');
                break;
            case ScalarValue { Value: var number } when IsNumber(number):
                Span<char> digits = stackalloc char[LongestNumber];
                ((ISpanFormattable)number!).TryFormat(digits, out var length, default, CultureInfo.InvariantCulture);
                output.Write(digits[..length]);
                break;
            default:
                Values.Format(value, output);
                break;
        }
    }

    private static void Escape(TextWriter output, ReadOnlySpan<char> text)
    {
        for (var next = text.IndexOfAny(Special); next >= 0; next = text.IndexOfAny(Special))
        {
            output.Write(text[..next]);
            output.Write(text[next] switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                var control => $"\\u{(int)control:x4}",
            });
            text = text[(next + 1)..];
        }

        output.Write(text);
    }
}
