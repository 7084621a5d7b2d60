namespace Gateway.JsonSchema.Numbers;

internal static class Powers
{
    /// <summary>Ten to the powers 0 to 18: all that fit a <see cref="long"/>.</summary>
    public static readonly long[] OfTen =
    [
        1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000, 100_000_000_000,
        1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000, 1_000_000_000_000_000, 10_000_000_000_000_000,
        100_000_000_000_000_000, 1_000_000_000_000_000_000,
    ];
}
