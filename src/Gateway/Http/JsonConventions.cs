using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gateway.Activities;

namespace Gateway.Http;

/// <summary>How the gateway's own documents are spelled. Payloads never pass through here: they are handed on as bytes.</summary>
internal static class JsonConventions
{
    public static void Apply(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        options.PropertyNameCaseInsensitive = false;
        options.NumberHandling = JsonNumberHandling.Strict;
        // Answers are application/json with nosniff: nothing is served into HTML, so umlauts stay readable.
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        options.Converters.Add(new UtcTimeConverter());
    }

    /// <summary>RFC 3339 in UTC; read with any offset, but never without one.</summary>
    private sealed class UtcTimeConverter : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType is JsonTokenType.String && TryParse(reader.GetString()!, out var instant) ? instant : throw new JsonException();

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
            writer.WriteStringValue(Rfc3339.Format(value));
    }

    /// <summary>Reads a time of RFC 3339: date, time and offset (<c>Z</c> or <c>±hh:mm</c>) are all required.</summary>
    internal static bool TryParse(string text, out DateTimeOffset instant) => DateTimeOffset.TryParseExact(
        text,
        ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"],
        CultureInfo.InvariantCulture,
        DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
        out instant) && (text[^1] is 'Z' || text[^6] is '+' or '-');
}
