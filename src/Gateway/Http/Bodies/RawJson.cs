using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gateway.Http.Bodies;

/// <summary>A JSON value kept as the bytes it came in: a number's text, member order and white space go out as sent.</summary>
[JsonConverter(typeof(Converter))]
public readonly struct RawJson(ReadOnlyMemory<byte> utf8)
{
    public ReadOnlyMemory<byte> Utf8 => utf8;

    /// <summary>False where the document has no such member; a member that is <c>null</c> is present.</summary>
    public bool IsPresent => !utf8.IsEmpty;

    public static RawJson? Of(ReadOnlyMemory<byte>? utf8) => utf8 is { } bytes ? new RawJson(bytes) : null;

    internal sealed class Converter : JsonConverter<RawJson>
    {
        public override bool HandleNull => true;

        public override RawJson Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            RawDocument.Current.Take(ref reader);

        // Checked when it was accepted: checking again would cost a pass over every payload.
        public override void Write(Utf8JsonWriter writer, RawJson value, JsonSerializerOptions options) =>
            writer.WriteRawValue(value.Utf8.IsEmpty ? "null"u8 : value.Utf8.Span, skipInputValidation: true);
    }
}
