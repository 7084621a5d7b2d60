using System.Buffers;
using System.Text;
using System.Text.Json;
using Gateway.Activities;

namespace Gateway.Resumption.Webhooks;

/// <summary>Checks a webhook at registration and keeps it as a <see cref="ResumeTarget"/>.</summary>
internal static class WebhookTarget
{
    public const int MaxUrlLength = 2_048;
    public const int MaxHeaders = 32;
    public const int MaxHeaderNameLength = 128;
    public const int MaxHeaderValueLength = 4_096;

    /// <summary>RFC 9110 section 5.6.2.</summary>
    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>What the gateway writes itself, or what would change how the message is framed or routed.</summary>
    private static readonly HashSet<string> Reserved = new(StringComparer.OrdinalIgnoreCase)
    {
        "host", "connection", "keep-alive", "proxy-connection", "proxy-authorization", "te", "trailer", "transfer-encoding",
        "upgrade", "expect", "http2-settings", "allow", "expires", "last-modified", "user-agent",
    };

    private static readonly string[] ReservedPrefixes = ["webhook-", "content-"];

    /// <summary>
    /// What is wrong with a webhook, by field: <c>url</c>, <c>headers</c> or <c>headers.&lt;name&gt;</c>. Empty where nothing
    /// is. Each message goes on after its field's name, and none repeats
    /// a URL or a value.
    /// </summary>
    public static IReadOnlyDictionary<string, string> Validate(string? url, IReadOnlyDictionary<string, string?>? headers)
    {
        var errors = new Dictionary<string, string>(StringComparer.Ordinal);
        if (UrlError(url) is { } urlError)
        {
            errors["url"] = urlError;
        }

        if (headers?.Count > MaxHeaders)
        {
            errors["headers"] = $"must be at most {MaxHeaders}";
            return errors;
        }

        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in headers ?? new Dictionary<string, string?>())
        {
            if ((seen.Add(name) ? HeaderError(name, value) : "must stand there once; letter case does not count") is { } error)
            {
                errors[$"headers.{name}"] = error;
            }
        }

        return errors;
    }

    /// <summary>A valid webhook as it is stored.</summary>
    public static ResumeTarget Create(string url, IReadOnlyDictionary<string, string?>? headers) =>
        new(ResumeKind.Webhook, url, headers is { Count: > 0 } ? Serialize(headers) : null);

    /// <summary>The runner's own headers of a stored webhook.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Headers(ResumeTarget target)
    {
        if (target.Options is null)
        {
            yield break;
        }

        using var options = JsonDocument.Parse(target.Options);
        foreach (var header in options.RootElement.GetProperty("headers").EnumerateObject())
        {
            yield return new(header.Name, header.Value.GetString()!);
        }
    }

    private static string? UrlError(string? url)
    {
        if (string.IsNullOrEmpty(url))
        {
            return "must be given";
        }

        if (url.Length > MaxUrlLength)
        {
            return $"must have at most {MaxUrlLength} characters";
        }

        // The parser would trim white space and turn backslashes round; what is stored is what was checked.
        if (url.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c == '\\') || !Uri.TryCreate(url, UriKind.Absolute, out var uri)
            || (uri.Scheme != Uri.UriSchemeHttps && uri.Scheme != Uri.UriSchemeHttp) || uri.IdnHost.Length == 0
            || !url.AsSpan(uri.Scheme.Length).StartsWith("://"))
        {
            return "must be an absolute http or https URL";
        }

        return HasUser(url.AsSpan(uri.Scheme.Length + 3)) ? "must not hold user information; use a header"
            : url.Contains('#', StringComparison.Ordinal) ? "must not have a fragment"
            : uri.Port == 0 ? "must not have port 0"
            : null;
    }

    /// <summary>Asked of the text, because the parser drops an empty user.</summary>
    private static bool HasUser(ReadOnlySpan<char> afterScheme)
    {
        var end = afterScheme.IndexOfAny("/?#");
        return (end < 0 ? afterScheme : afterScheme[..end]).Contains('@');
    }

    private static string? HeaderError(string name, string? value)
    {
        if (name.Length is 0 or > MaxHeaderNameLength || name.AsSpan().ContainsAnyExcept(TokenCharacters))
        {
            return $"must be a header name of at most {MaxHeaderNameLength} characters (RFC 9110)";
        }

        if (Reserved.Contains(name) || Array.Exists(ReservedPrefixes, prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)))
        {
            return "must be left out; the gateway sets this header itself";
        }

        return value is null || value.Length > MaxHeaderValueLength || value.Any(c => c is not ('\t' or (>= ' ' and <= '~')))
            || value.Length != value.AsSpan().Trim(" \t").Length
            ? $"must have a value of at most {MaxHeaderValueLength} visible ASCII characters, without space around them"
            : null;
    }

    private static string Serialize(IReadOnlyDictionary<string, string?> headers)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject("headers");
            foreach (var (name, value) in headers)
            {
                json.WriteString(name, value);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
