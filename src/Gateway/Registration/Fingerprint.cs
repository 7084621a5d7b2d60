using System.Buffers;
using System.Text.Json;
using Gateway.Activities;
using Gateway.Persistence;

namespace Gateway.Registration;

/// <summary>
/// Tells a repeated registration from a different one under the same identity: 128 bits of SHA-256 over the fields as they
/// were given. White space between fields and their order do not count; the schema's text does.
/// </summary>
internal static class Fingerprint
{
    private const int Size = 16;

    public static byte[] Of(RegistrationRequest request, WorkflowActivity activity, KnownSchema? schema)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartArray();
            json.WriteStringValue(request.ActivityType);
            json.WriteStringValue(request.Description);
            json.WriteStringValue(schema?.Hash.ToString());
            json.WriteBooleanValue(request.AssertFormat);
            Write(json, request.TimeoutSeconds);
            Write(json, request.HeartbeatTimeoutSeconds);
            Write(json, activity.OnTimeoutResult);
            json.WriteNumberValue((int)activity.Resume.Kind);
            json.WriteStringValue(activity.Resume.Address);
            json.WriteStringValue(activity.Resume.Options);
            foreach (var (key, value) in activity.Labels.OrderBy(label => label.Key, StringComparer.Ordinal))
            {
                json.WriteStringValue(key);
                json.WriteStringValue(value);
            }

            json.WriteEndArray();
        }

        Span<byte> hash = stackalloc byte[Sha256.Size];
        Sha256.Hash(buffer.WrittenSpan, hash);
        return hash[..Size].ToArray();
    }

    private static void Write(Utf8JsonWriter json, ReadOnlyMemory<byte>? bytes)
    {
        if (bytes is { } value)
        {
            json.WriteBase64StringValue(value.Span);
        }
        else
        {
            json.WriteNullValue();
        }
    }

    private static void Write(Utf8JsonWriter json, long? number)
    {
        if (number is { } value)
        {
            json.WriteNumberValue(value);
        }
        else
        {
            json.WriteNullValue();
        }
    }
}
