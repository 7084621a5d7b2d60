using System.Text.Json;
using System.Text.Json.Serialization;
using Gateway.Http.Bodies;

namespace Gateway.Registration;

/// <summary>One registration of a batch. One that does not fit its form must not hinder the others: its text is kept.</summary>
[JsonConverter(typeof(Converter))]
public readonly struct BatchItem
{
    private BatchItem(RegistrationRequest? request, RawJson text) => (Request, Text) = (request, text);

    /// <summary>The registration; null where it does not fit its form.</summary>
    public RegistrationRequest? Request { get; }

    /// <summary>The item as it came, where it does not fit.</summary>
    public RawJson Text { get; }

    internal sealed class Converter : JsonConverter<BatchItem>
    {
        public override bool HandleNull => true;

        public override BatchItem Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var document = RawDocument.Current;
            var first = reader;
            var start = document.Start(ref reader);
            (document as BatchDocument)?.Begin(start);
            BatchItem item;
            try
            {
                item = reader.TokenType is JsonTokenType.StartObject ? Bound(ref reader, options) : new BatchItem(null, document.Take(ref reader));
            }
            catch (JsonException)
            {
                document.GoBack(ref reader, first, start);
                item = new BatchItem(null, document.Take(ref reader));
            }

            (document as BatchDocument)?.End(start, document.End(ref reader));
            return item;
        }

        /// <summary>Its converter reads on in place; the serializer would look for the end of the item first.</summary>
        private static BatchItem Bound(ref Utf8JsonReader reader, JsonSerializerOptions options)
        {
            var form = (JsonConverter<RegistrationRequest>)options.GetConverter(typeof(RegistrationRequest));
            return new BatchItem(form.Read(ref reader, typeof(RegistrationRequest), options), default);
        }

        public override void Write(Utf8JsonWriter writer, BatchItem value, JsonSerializerOptions options) =>
            throw new NotSupportedException("Batches are only read.");
    }
}
