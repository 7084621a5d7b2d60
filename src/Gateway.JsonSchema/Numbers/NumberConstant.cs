using System.Buffers;
using System.Runtime.CompilerServices;
using Gateway.JsonSchema.Tape;

namespace Gateway.JsonSchema.Numbers;

/// <summary>A number of a schema, ready to be compared with numbers of instances.</summary>
internal sealed class NumberConstant
{
    private static readonly SearchValues<byte> NumberBytes = SearchValues.Create("0123456789+-.eE"u8);

    private readonly byte[] _text;
    private readonly bool _compact;
    private readonly int _scale;

    /// <summary>The number times ten to the <see cref="_scale"/>, and to as many powers above as fit: what an instance with that many decimals is compared with.</summary>
    private readonly long[] _scaled;

    public NumberConstant(in JsonView view, int row)
    {
        ref readonly var number = ref view.Rows[row];
        var text = view.NumberText(row);
        var length = text.IndexOfAnyExcept(NumberBytes);
        _text = (length < 0 ? text : text[..length]).ToArray();
        _compact = (number.Flags & RowFlags.Compact) != 0;
        _scale = _compact ? number.Scale : 0;
        _scaled = _compact ? ScaleUp(number.Mantissa) : [];
    }

    public ExactNumber Exact => ExactNumber.Read(_text);

    /// <summary>As written in the schema.</summary>
    public string Text => System.Text.Encoding.ASCII.GetString(_text);

    /// <summary>Negative, zero or positive as the number at the row is less than, equal to or greater than this one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int CompareFrom(in JsonView view, int row)
    {
        ref readonly var number = ref view.Rows[row];
        var scaled = _scaled;
        var above = number.Scale - _scale;
        return (number.Flags & RowFlags.Compact) != 0 && (uint)above < (uint)scaled.Length
            ? number.Mantissa.CompareTo(scaled[above])
            : CompareSlowly(view, row);
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

    private int CompareSlowly(in JsonView view, int row)
    {
        ref readonly var number = ref view.Rows[row];
        if (!_compact || (number.Flags & RowFlags.Compact) == 0)
        {
            return ExactNumber.Read(view.NumberText(row)).CompareTo(Exact);
        }

        // 18 digits times ten to the 18 stays below 2^127: the comparison is exact.
        return number.Scale < _scale
            ? ((Int128)number.Mantissa * Powers.OfTen[_scale - number.Scale]).CompareTo(_scaled[0])
            : ((Int128)number.Mantissa).CompareTo((Int128)_scaled[0] * Powers.OfTen[number.Scale - _scale]);
    }

    private static long[] ScaleUp(long mantissa)
    {
        var powers = 0;
        while (powers < Powers.OfTen.Length && Int128.Abs((Int128)mantissa * Powers.OfTen[powers]) <= long.MaxValue)
        {
            powers++;
        }

        var scaled = new long[powers];
        for (var i = 0; i < powers; i++)
        {
            scaled[i] = mantissa * Powers.OfTen[i];
        }

        return scaled;
    }
}
