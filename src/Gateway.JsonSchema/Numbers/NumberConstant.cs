using System.Buffers;
using Gateway.JsonSchema.Tape;

namespace Gateway.JsonSchema.Numbers;

/// <summary>A number of a schema, ready to be compared with numbers of instances.</summary>
internal sealed class NumberConstant
{
    private static readonly SearchValues<byte> NumberBytes = SearchValues.Create("0123456789+-.eE"u8);

    private readonly byte[] _text;
    private readonly bool _compact;
    private readonly int _scale;
    private readonly long _mantissa;

    public NumberConstant(in JsonView view, int row)
    {
        ref readonly var number = ref view.Rows[row];
        var text = view.NumberText(row);
        var length = text.IndexOfAnyExcept(NumberBytes);
        _text = (length < 0 ? text : text[..length]).ToArray();
        _compact = (number.Flags & RowFlags.Compact) != 0;
        (_mantissa, _scale) = _compact ? (number.Mantissa, number.Scale) : (0, 0);
    }

    public ExactNumber Exact => ExactNumber.Read(_text);

    /// <summary>As written in the schema.</summary>
    public string Text => System.Text.Encoding.ASCII.GetString(_text);

    /// <summary>
    /// This number times ten to a power from 0 to 18, rounded to a whole number. Beyond nineteen places only that it lies beyond every compact number is kept.
    /// </summary>
    public Int128 Scaled(int power, bool roundUp)
    {
        const int placesThatMatter = 19;
        var exact = Exact;
        if (exact.IsZero)
        {
            return Int128.Zero;
        }

        if (exact.Magnitude > placesThatMatter)
        {
            return exact.IsNegative ? Int128.MinValue / 2 : Int128.MaxValue / 2;
        }

        var whole = Int128.Zero;
        var places = exact.Magnitude + power;
        for (var i = 0; i < places; i++)
        {
            whole = (whole * 10) + (i < exact.Digits ? exact[i] : 0);
        }

        var isWhole = exact.Digits <= places;
        whole += !isWhole && roundUp != exact.IsNegative ? 1 : 0;
        return exact.IsNegative ? -whole : whole;
    }

    /// <summary>Negative, zero or positive as the number at the row is less than, equal to or greater than this one.</summary>
    public int CompareFrom(in JsonView view, int row)
    {
        ref readonly var number = ref view.Rows[row];
        return _compact && (number.Flags & RowFlags.Compact) != 0
            ? CompareCompact(number.Mantissa, number.Scale)
            : ExactNumber.Read(view.NumberText(row)).CompareTo(Exact);
    }

    /// <summary>The value as a count: saturated, since no count can pass 2^63.</summary>
    public static long ReadCount(in JsonView view, int row)
    {
        var number = ExactNumber.Read(view.NumberText(row));
        if (number.IsNegative || !number.IsInteger || number.Magnitude > 18)
        {
            return number.IsNegative ? 0 : long.MaxValue;
        }

        long value = 0;
        for (var i = 0; i < number.Magnitude; i++)
        {
            value = (value * 10) + (i < number.Digits ? number[i] : 0);
        }

        return value;
    }

    /// <summary>Whether the number at a row has no fractional part.</summary>
    public static bool IsInteger(in JsonView view, int row)
    {
        ref readonly var number = ref view.Rows[row];
        if ((number.Flags & RowFlags.Compact) == 0)
        {
            return ExactNumber.Read(view.NumberText(row)).IsInteger;
        }

        return number.Scale == 0 || number.Mantissa % Powers.OfTen[number.Scale] == 0;
    }

    // 18 digits times ten to the 18 stays below 2^127: the comparison is exact.
    private int CompareCompact(long mantissa, int scale) => scale == _scale ? mantissa.CompareTo(_mantissa)
        : scale < _scale ? ((Int128)mantissa * Powers.OfTen[_scale - scale]).CompareTo(_mantissa)
        : ((Int128)mantissa).CompareTo((Int128)_mantissa * Powers.OfTen[scale - _scale]);
}
