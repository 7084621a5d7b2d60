namespace Gateway.JsonSchema.Formats;

/// <summary>Judges one string against a format.</summary>
/// <param name="utf8">The value of the JSON string, escapes already resolved, as valid UTF-8.</param>
internal delegate bool FormatCheck(ReadOnlySpan<byte> utf8);

/// <summary>The formats of JSON Schema by name. The same checks serve every draft: a name that a draft does not know is for the caller to leave out.</summary>
internal static class FormatChecks
{
    /// <summary>Finds the check of a format.</summary>
    /// <returns><see langword="null"/> where the name is none of the formats of draft 7 to 2020-12; such a format judges nothing.</returns>
    internal static FormatCheck? Find(string name) => name switch
    {
        "uuid" => UuidFormat.IsValid,
        _ => null,
    };
}
