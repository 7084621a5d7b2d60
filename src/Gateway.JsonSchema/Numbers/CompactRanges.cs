using System.Runtime.CompilerServices;

namespace Gateway.JsonSchema.Numbers;

/// <summary>
/// All bounds of a schema on compact numbers as one range of mantissas for every number of decimals. With a fixed number of decimals mantissas are
/// whole, so every bound, exclusive or finer than that, is exactly some least or greatest mantissa.
/// </summary>
internal sealed class CompactRanges
{
    private readonly Range[] _byScale = new Range[Powers.OfTen.Length];

    public CompactRanges(NumberConstant? minimum, NumberConstant? exclusiveMinimum, NumberConstant? maximum, NumberConstant? exclusiveMaximum)
    {
        for (var scale = 0; scale < _byScale.Length; scale++)
        {
            var least = Max(minimum?.Scaled(scale, roundUp: true), exclusiveMinimum?.Scaled(scale, roundUp: false) + 1);
            var greatest = Min(maximum?.Scaled(scale, roundUp: false), exclusiveMaximum?.Scaled(scale, roundUp: true) - 1);
            _byScale[scale] = new Range(Saturate(least ?? long.MinValue), Saturate(greatest ?? long.MaxValue));
        }
    }

    /// <summary>The range of mantissas for each number of decimals, from none to eighteen.</summary>
    public Range[] ByScale => _byScale;

    /// <summary>Whether mantissa / 10^scale lies within all bounds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Contains(long mantissa, int scale)
    {
        ref readonly var range = ref _byScale[scale];
        return mantissa >= range.Least && mantissa <= range.Greatest;
    }

    private static Int128? Max(Int128? a, Int128? b) => a is null || b is null ? a ?? b : Int128.Max(a.Value, b.Value);

    private static Int128? Min(Int128? a, Int128? b) => a is null || b is null ? a ?? b : Int128.Min(a.Value, b.Value);

    // Compact mantissas have at most 18 digits: what lies beyond the range of a long is beyond all of them, on either side.
    private static long Saturate(Int128 value) =>
        value > long.MaxValue ? long.MaxValue : value < long.MinValue ? long.MinValue : (long)value;

    /// <summary>Mantissas from the least to the greatest, both included.</summary>
    internal readonly record struct Range(long Least, long Greatest)
    {
        public static Range Empty { get; } = new(1, 0);
    }
}
