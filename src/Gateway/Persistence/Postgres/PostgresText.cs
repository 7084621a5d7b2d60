using System.Text;

namespace Gateway.Persistence.Postgres;

/// <summary>Text as PostgreSQL takes it: no U+0000, and nothing that is no Unicode.</summary>
internal static class PostgresText
{
    /// <summary>Long enough for a host and most URLs, short enough for an entry of an index in any script.</summary>
    private const int LongestLane = 600;

    public static string? Of(string? text) => text is null || IsPlain(text)
        ? text
        : Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace('\0', '\uFFFD');

    /// <summary>A lane's stored name: a long one ends in a hash, and still begins with its host.</summary>
    public static string Lane(string lane) => Of(lane.Length <= LongestLane
        ? lane
        : $"{lane[..LongestLane]}#{LabelHash.Of("lane", lane):x16}")!;

    private static bool IsPlain(string text) => !text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF') && !text.Contains('\0', StringComparison.Ordinal);
}
