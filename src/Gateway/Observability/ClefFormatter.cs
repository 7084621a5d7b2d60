using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Serilog.Events;
using Serilog.Formatting.Json;
using Serilog.Parsing;

namespace Gateway.Observability;

/// <summary>
/// One JSON object a line, in the members of the compact log event format: <c>@t</c> time, <c>@l</c> level where it is not
/// Information, <c>@m</c> message, <c>@x</c> exception, <c>@tr</c> and <c>@sp</c> trace and span, then the properties.
/// </summary>
/// <remarks>
/// Every request is a line, so what lines are made of (text, whole and decimal numbers) is written without a detour, as the
/// bytes it ends as. For one thread.
/// </remarks>
internal sealed class ClefFormatter(IBufferWriter<byte> output) : IDisposable
{
    private const int LongestNumber = 32;

    private static readonly JsonValueFormatter Others = new(typeTagName: null);

    private readonly Utf8JsonWriter json = new(output, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    private readonly ArrayBufferWriter<char> message = new();

    public void Write(LogEvent line)
    {
        json.Reset();
        json.WriteStartObject();
        Span<byte> time = stackalloc byte[LongestNumber];
        line.Timestamp.UtcDateTime.TryFormat(time, out var length, "O", CultureInfo.InvariantCulture);
        json.WriteString("@t"u8, time[..length]);
        if (line.Level is not LogEventLevel.Information)
        {
            json.WriteString("@l"u8, line.Level.ToString());
        }

        json.WriteString("@m"u8, line is RequestLine known ? known.Message() : Message(line));
        if (line.Exception is { } exception)
        {
            json.WriteString("@x"u8, exception.ToString());
        }

        if (line.TraceId is { } trace)
        {
            json.WriteString("@tr"u8, trace.ToHexString());
        }

        if (line.SpanId is { } span)
        {
            json.WriteString("@sp"u8, span.ToHexString());
        }

        if (line is RequestLine { Properties.Count: 0 } request)
        {
            Values(request);
        }
        else
        {
            Properties(line);
        }

        json.WriteEndObject();
        json.Flush();
        output.Write("\n"u8);
    }

    public void Dispose() => json.Dispose();

    /// <summary>A sentence for people: text without quotes around it; the properties have the exact values.</summary>
    private ReadOnlySpan<char> Message(LogEvent line)
    {
        message.ResetWrittenCount();
        foreach (var token in line.MessageTemplate.Tokens)
        {
            if (token is TextToken words)
            {
                message.Write(words.Text);
            }
            else if (token is PropertyToken { Alignment: null, Format: null } property
                && line.Properties.TryGetValue(property.PropertyName, out var value) && value is ScalarValue { Value: string or int or double } plain)
            {
                Message(plain.Value);
            }
            else
            {
                using var rendered = new StringWriter(CultureInfo.InvariantCulture);
                token.Render(line.Properties, rendered, CultureInfo.InvariantCulture);
                message.Write(rendered.ToString());
            }
        }

        return message.WrittenSpan;
    }

    private void Message(object plain)
    {
        if (plain is ISpanFormattable number)
        {
            number.TryFormat(message.GetSpan(LongestNumber), out var length, default, CultureInfo.InvariantCulture);
            message.Advance(length);
        }
        else
        {
            message.Write((string)plain);
        }
    }

    private void Values(RequestLine line)
    {
        json.WriteString("Method"u8, line.Method);
        json.WriteString("Route"u8, line.Route);
        json.WriteNumber("Status"u8, line.Status);
        json.WriteNumber("Milliseconds"u8, line.Milliseconds);
        if (line.ActivityId is { Value: var id })
        {
            json.WriteString("ActivityId"u8, id);
        }
        else
        {
            json.WriteNull("ActivityId"u8);
        }

        json.WriteString("SourceContext"u8, RequestLine.Source);
        if (line.Problem is { } problem)
        {
            json.WriteString("Problem"u8, problem);
        }
    }

    private void Properties(LogEvent line)
    {
        foreach (var (name, value) in line.Properties)
        {
            // A doubled @ keeps a property from posing as one of the members above.
            json.WritePropertyName(name.StartsWith('@') ? $"@{name}" : name);
            Value(value);
        }
    }

    private void Value(LogEventPropertyValue value)
    {
        switch (value)
        {
            case ScalarValue { Value: string text }:
                json.WriteStringValue(text);
                break;
            case ScalarValue { Value: int number }:
                json.WriteNumberValue(number);
                break;
            case ScalarValue { Value: double number } when double.IsFinite(number):
                json.WriteNumberValue(number);
                break;
            default:
                using (var rendered = new StringWriter(CultureInfo.InvariantCulture))
                {
                    Others.Format(value, rendered);
                    json.WriteRawValue(rendered.ToString());
                }

                break;
        }
    }
}
