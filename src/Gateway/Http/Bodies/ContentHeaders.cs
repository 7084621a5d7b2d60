using Gateway.Http.Errors;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace Gateway.Http.Bodies;

/// <summary>Which content headers a JSON body may come with: JSON in UTF-8, as it is, or no word about it at all.</summary>
internal static class ContentHeaders
{
    private const string Expected = "Send application/json or application/*+json in UTF-8.";

    /// <returns>415, or null where the headers are fine.</returns>
    public static ProblemHttpResult? Refuse(IHeaderDictionary headers)
    {
        if (!string.IsNullOrEmpty(headers.ContentEncoding))
        {
            return Problems.UnsupportedMediaType("Content-Encoding is not supported: send the JSON as it is.");
        }

        var type = headers.ContentType;
        if (type.Count > 1)
        {
            return Problems.UnsupportedMediaType($"There is more than one Content-Type. {Expected}");
        }

        // The usual spelling needs no parser.
        return string.IsNullOrEmpty(type) || type[0]!.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            ? null
            : Judge(type[0]!);
    }

    private static ProblemHttpResult? Judge(string contentType)
    {
        if (!MediaTypeHeaderValue.TryParse(contentType, out var parsed))
        {
            return Problems.UnsupportedMediaType($"Content-Type is not a media type. {Expected}");
        }

        if (!IsJson(parsed))
        {
            // What curl sends with -d when nothing else is said.
            var isForm = parsed.MediaType.Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase);
            return Problems.UnsupportedMediaType(isForm
                ? "The body is declared as a form, curl's default: add -H 'Content-Type: application/json'."
                : $"Content-Type is not JSON. {Expected}");
        }

        var charset = HeaderUtilities.RemoveQuotes(parsed.Charset);
        return charset.Length == 0 || charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)
            ? null
            : Problems.UnsupportedMediaType("The charset is not UTF-8, the only one JSON is exchanged in (RFC 8259 section 8.1).");
    }

    private static bool IsJson(MediaTypeHeaderValue value) =>
        value.Type.Equals("application", StringComparison.OrdinalIgnoreCase)
        && (value.SubType.Equals("json", StringComparison.OrdinalIgnoreCase)
            || (value.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase) && value.SubTypeWithoutSuffix.Length > 0));
}
