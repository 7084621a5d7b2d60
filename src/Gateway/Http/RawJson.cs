using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gateway.Http;

/// <summary>A JSON value kept as the bytes it came in: a number's text, member order and white space go out as sent.</summary>
[JsonConverter(typeof(Converter))]
public readonly struct RawJson(ReadOnlyMemory<byte> utf8)
{
    public ReadOnlyMemory<byte> Utf8 => utf8;

    /// <summary>False where the document has no such member; a member that is <c>null</c> is present.</summary>
    public bool IsPresent => !utf8.IsEmpty;

    public static RawJson? Of(ReadOnlyMemory<byte>? utf8) => utf8 is { } bytes ? new RawJson(bytes) : null;

    /// <summary>
    /// Binds a document whose raw members are copied out of its own bytes. The serializer shows a converter its position but
    /// not the text, and parsing each value once more only to get at its text would cost more than all the rest.
    /// </summary>
    internal static T? Bind<T>(ReadOnlyMemory<byte> utf8, JsonSerializerOptions options)
    {
        var outer = Converter.Source;
        Converter.Source = utf8;
        try
        {
            return JsonSerializer.Deserialize<T>(utf8.Span, options);
        }
        finally
        {
            Converter.Source = outer;
        }
    }

    internal sealed class Converter : JsonConverter<RawJson>
    {
        /// <summary>The document under the reader, which is read to its end on one thread.</summary>
        [ThreadStatic]
        internal static ReadOnlyMemory<byte> Source;

        public override bool HandleNull => true;

        public override RawJson Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Take(ref reader);

        /// <summary>Copies the value under the reader and leaves the reader at its end.</summary>
        internal static RawJson Take(ref Utf8JsonReader reader)
        {
            if (Source.IsEmpty)
            {
                throw new InvalidOperationException("A document with raw members is bound by RawJson.Bind.");
            }

            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            return new RawJson(Source[start..(int)reader.BytesConsumed].ToArray());
        }

        // Checked when it was accepted: checking again would cost a pass over every payload.
        public override void Write(Utf8JsonWriter writer, RawJson value, JsonSerializerOptions options) =>
            writer.WriteRawValue(value.Utf8.IsEmpty ? "null"u8 : value.Utf8.Span, skipInputValidation: true);
    }
}
