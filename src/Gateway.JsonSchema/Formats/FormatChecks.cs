namespace Gateway.JsonSchema.Formats;

/// <summary>Judges one string against a format. Takes a time linear in its length and throws nothing.</summary>
/// <param name="utf8">The value of the JSON string, escapes already resolved, as valid UTF-8.</param>
internal delegate bool FormatCheck(ReadOnlySpan<byte> utf8);

/// <summary>The formats of JSON Schema by name. The same checks serve every draft but for one; a name that a draft does not know is for the caller to leave out.</summary>
internal static class FormatChecks
{
    /// <summary>Finds the check of a format.</summary>
    /// <param name="name">The name as the schema gives it.</param>
    /// <param name="stepsAlongArrays">Whether a relative JSON pointer may step along an array, as in 2020-12.</param>
    /// <returns><see langword="null"/> where the name is none of the formats of draft 7 to 2020-12; such a format judges nothing.</returns>
    internal static FormatCheck? Find(string name, bool stepsAlongArrays = true) => name switch
    {
        "date-time" => DateFormats.IsDateTime,
        "date" => DateFormats.IsDate,
        "time" => DateFormats.IsTime,
        "duration" => DurationFormat.IsValid,
        "email" => EmailFormats.IsEmail,
        "idn-email" => EmailFormats.IsIdnEmail,
        "hostname" => HostnameFormats.IsHostname,
        "idn-hostname" => HostnameFormats.IsIdnHostname,
        "ipv4" => AddressFormats.IsIpv4,
        "ipv6" => AddressFormats.IsIpv6,
        "uri" => UriFormats.IsUri,
        "uri-reference" => UriFormats.IsUriReference,
        "iri" => UriFormats.IsIri,
        "iri-reference" => UriFormats.IsIriReference,
        "uri-template" => UriTemplateFormat.IsValid,
        "uuid" => UuidFormat.IsValid,
        "json-pointer" => PointerFormats.IsJsonPointer,
        "relative-json-pointer" => stepsAlongArrays ? PointerFormats.IsRelativeJsonPointerWithIndex : PointerFormats.IsRelativeJsonPointer,
        "regex" => RegexFormat.IsValid,
        _ => null,
    };
}
