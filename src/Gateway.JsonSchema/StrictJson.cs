using Gateway.JsonSchema.Tape;

namespace Gateway.JsonSchema;

/// <summary>Decides whether bytes are exactly one JSON value.</summary>
public static class StrictJson
{
    /// <summary>
    /// Checks that <paramref name="utf8"/> is exactly one JSON value by RFC 8259, in valid UTF-8, with no member name twice
    /// in one object, no lone surrogate escape, and within <paramref name="limits"/>. A leading byte order mark is skipped.
    /// </summary>
    /// <returns><see langword="null"/> when it is, otherwise the problem with its place.</returns>
    /// <remarks>Time and space are linear in the input, also against chosen member names (the hash is seeded per process).</remarks>
    public static JsonProblem? Check(ReadOnlySpan<byte> utf8, JsonLimits? limits = null)
    {
        using var scratch = Scratch.Rent();
        return TapeBuilder.Build(utf8, scratch.Tape, limits ?? JsonLimits.Default);
    }
}
