using System.Text.Json;

namespace Gateway.Http;

/// <summary>JSON text to request record, with a mismatch named by the field's path and what it must be.</summary>
internal static class RequestBinder
{
    public static RequestRead<T> Bind<T>(ReadOnlySpan<byte> utf8, JsonSerializerOptions options)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(utf8, options) is { } request
                ? new RequestRead<T>.Accepted(request)
                : Refuse<T>("body", "must be a JSON object");
        }
        catch (JsonException mismatch)
        {
            var place = JsonPlace.Find(mismatch.Path, options.GetTypeInfo(typeof(T)));
            return Refuse<T>(place.Field, place.Expected);
        }
    }

    private static RequestRead<T>.Refused Refuse<T>(string field, string message)
        where T : class =>
        new(Problems.InvalidRequest(field, message));
}
