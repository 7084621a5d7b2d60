using System.Text.Json;
using Gateway.Http.Errors;
using Gateway.JsonSchema;

namespace Gateway.Http.Bodies;

/// <summary>JSON text to request record, with a mismatch named by the field's path and what it must be.</summary>
internal static class RequestBinder
{
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    public static RequestRead<T> Bind<T>(ReadOnlyMemory<byte> utf8, JsonSerializerOptions options)
        where T : class
    {
        // The serializer lets lone surrogates and invalid UTF-8 pass and gives no place for a name that stands twice.
        if (StrictJson.Check(utf8.Span) is { } problem)
        {
            return new RequestRead<T>.Refused(Problems.MalformedJson(problem));
        }

        return BindChecked<T>(utf8.Span.StartsWith(ByteOrderMark) ? utf8[ByteOrderMark.Length..] : utf8, options);
    }

    /// <summary>The same for a value inside a document that was checked as a whole.</summary>
    public static RequestRead<T> BindChecked<T>(ReadOnlyMemory<byte> utf8, JsonSerializerOptions options)
        where T : class => BindChecked<T>(new RawDocument(utf8), options);

    /// <summary>The same for a document that checks itself.</summary>
    public static RequestRead<T> BindChecked<T>(RawDocument document, JsonSerializerOptions options)
        where T : class
    {
        try
        {
            return document.Bind<T>(options) is { } request
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
