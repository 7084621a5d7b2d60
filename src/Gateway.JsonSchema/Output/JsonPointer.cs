namespace Gateway.JsonSchema.Output;

/// <summary>RFC 6901.</summary>
internal static class JsonPointer
{
    public static string Escape(string token) =>
        token.AsSpan().ContainsAny('~', '/')
            ? token.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)
            : token;
}
