using System.Buffers;
using System.Text.Json;

namespace Gateway.JsonSchema.Output;

/// <summary>Writes the <c>basic</c> output of JSON Schema 2020-12, section 12.4.2: one list of errors, or of annotations.</summary>
internal static class BasicOutput
{
    public static void Write(Verdict verdict, IReadOnlyList<Annotation> annotations, IBufferWriter<byte> destination)
    {
        using var writer = new Utf8JsonWriter(destination);
        writer.WriteStartObject();
        WriteUnit(writer, verdict.Kind == VerdictKind.Valid, "", null, "");
        if (verdict.Kind == VerdictKind.Valid)
        {
            WriteAnnotations(writer, annotations);
        }
        else
        {
            WriteErrors(writer, verdict);
        }

        writer.WriteEndObject();
    }

    private static void WriteAnnotations(Utf8JsonWriter writer, IReadOnlyList<Annotation> annotations)
    {
        writer.WriteStartArray("annotations");
        foreach (var annotation in annotations)
        {
            writer.WriteStartObject();
            WriteUnit(writer, true, annotation.KeywordLocation, annotation.AbsoluteKeywordLocation, annotation.InstanceLocation);
            writer.WritePropertyName("annotation");
            writer.WriteRawValue(annotation.Value);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteErrors(Utf8JsonWriter writer, Verdict verdict)
    {
        writer.WriteStartArray("errors");
        foreach (var violation in verdict.Violations)
        {
            writer.WriteStartObject();
            WriteUnit(writer, false, violation.KeywordLocation, violation.AbsoluteKeywordLocation, violation.InstanceLocation);
            writer.WriteString("error", violation.Message);
            writer.WriteEndObject();
        }

        var reason = verdict.Problem?.Message ?? (verdict.Kind == VerdictKind.BudgetExceeded ? "The verdict could not be reached within its bounds." : null);
        if (reason is not null)
        {
            writer.WriteStartObject();
            WriteUnit(writer, false, "", null, "");
            writer.WriteString("error", reason);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteUnit(Utf8JsonWriter writer, bool valid, string keyword, string? absolute, string instance)
    {
        writer.WriteBoolean("valid", valid);
        writer.WriteString("keywordLocation", keyword);
        if (absolute is not null)
        {
            writer.WriteString("absoluteKeywordLocation", absolute);
        }

        writer.WriteString("instanceLocation", instance);
    }
}
