using System.Text.Json;
using System.Text.Json.Serialization;
using Gateway.Http;

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
            var start = reader;
            if (reader.TokenType is JsonTokenType.StartObject)
            {
                try
                {
                    // Its converter reads on in place; the serializer would look for the end of the item first.
                    var form = (JsonConverter<RegistrationRequest>)options.GetConverter(typeof(RegistrationRequest));
                    return new BatchItem(form.Read(ref reader, typeof(RegistrationRequest), options), default);
                }
                catch (JsonException)
                {
                    reader = start;
                }
            }

            return new BatchItem(null, RawJson.Converter.Take(ref reader));
        }

        public override void Write(Utf8JsonWriter writer, BatchItem value, JsonSerializerOptions options) =>
            throw new NotSupportedException("Batches are only read.");
    }
}
