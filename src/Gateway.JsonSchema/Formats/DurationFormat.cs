namespace Gateway.JsonSchema.Formats;

/// <summary>RFC 3339 appendix A: a duration of ISO 8601 without fractions. Units follow each other without a gap: <c>P1Y2D</c> is none.</summary>
internal static class DurationFormat
{
    internal static bool IsValid(ReadOnlySpan<byte> utf8)
    {
        if (!utf8.StartsWith("P"u8))
        {
            return false;
        }

        var rest = utf8[1..];
        if (TryTakeElement(ref rest, "W"u8))
        {
            return rest.IsEmpty;
        }

        var hasDate = TakeElements(ref rest, "YMD"u8);
        if (rest.IsEmpty)
        {
            return hasDate;
        }

        if (rest[0] != 'T')
        {
            return false;
        }

        rest = rest[1..];
        return TakeElements(ref rest, "HMS"u8) && rest.IsEmpty;
    }

    /// <summary>Takes elements whose units are a run of <paramref name="units"/>; answers whether there was one.</summary>
    private static bool TakeElements(ref ReadOnlySpan<byte> rest, ReadOnlySpan<byte> units)
    {
        var first = 0;
        while (first < units.Length && !TryTakeElement(ref rest, units.Slice(first, 1)))
        {
            first++;
        }

        for (var next = first + 1; next < units.Length && TryTakeElement(ref rest, units.Slice(next, 1)); next++)
        {
        }

        return first < units.Length;
    }

    private static bool TryTakeElement(ref ReadOnlySpan<byte> rest, ReadOnlySpan<byte> unit)
    {
        var digits = rest.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        if (digits < 1 || rest[digits] != unit[0])
        {
            return false;
        }

        rest = rest[(digits + 1)..];
        return true;
    }
}
