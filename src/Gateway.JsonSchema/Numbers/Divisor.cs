using System.Globalization;
using System.Numerics;
using Gateway.JsonSchema.Tape;

namespace Gateway.JsonSchema.Numbers;

/// <summary>The value of <c>multipleOf</c>. Divisibility is decided on the decimals as written, never through floating point.</summary>
internal sealed class Divisor
{
    /// <summary>Significant digits a schema may give: the work for one instance number stays linear with a small factor.</summary>
    public const int MaxDigits = 100;

    private const int ChunkDigits = 18;

    private readonly bool _compact;
    private readonly long _mantissa;
    private readonly int _scale;
    private readonly long _lastPlace;
    private readonly BigInteger _digits;

    public Divisor(in JsonView view, int row)
    {
        ref readonly var number = ref view.Rows[row];
        _compact = (number.Flags & RowFlags.Compact) != 0;
        (_mantissa, _scale) = _compact ? (number.Mantissa, number.Scale) : (0, 0);
        var exact = ExactNumber.Read(view.NumberText(row));
        _lastPlace = exact.LastPlace;
        _digits = BigInteger.Zero;
        IsTooLong = exact.Digits > MaxDigits;
        for (var i = 0; i < exact.Digits && !IsTooLong; i++)
        {
            _digits = (_digits * 10) + exact[i];
        }
    }

    /// <summary>Whether there are more than <see cref="MaxDigits"/>: not to be used then.</summary>
    public bool IsTooLong { get; }

    /// <summary>Whether every number with so many decimals is a whole multiple.</summary>
    public bool DividesEvery(int scale) => _compact && _mantissa == 1 && scale <= _scale;

    public override string ToString() => $"{_digits.ToString(CultureInfo.InvariantCulture)}e{_lastPlace.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>Whether the number at a row is a whole multiple. Linear in its digits, logarithmic in its exponent.</summary>
    public bool Divides(in JsonView view, int row)
    {
        ref readonly var number = ref view.Rows[row];
        if (_compact && (number.Flags & RowFlags.Compact) != 0)
        {
            if (DividesEvery(number.Scale))
            {
                return true;
            }

            if (number.Scale == _scale)
            {
                return number.Mantissa % _mantissa == 0;
            }

            return number.Scale < _scale
                ? ((Int128)number.Mantissa * Powers.OfTen[_scale - number.Scale]) % _mantissa == 0
                : number.Mantissa % ((Int128)_mantissa * Powers.OfTen[number.Scale - _scale]) == 0;
        }

        return Divides(ExactNumber.Read(view.NumberText(row)));
    }

    private bool Divides(in ExactNumber number)
    {
        if (number.IsZero)
        {
            return true;
        }

        // Without trailing zeros the digits are no multiple of ten, so a finer last place can never be made up for.
        var shift = number.LastPlace - _lastPlace;
        if (shift < 0)
        {
            return false;
        }

        if (_digits.IsOne)
        {
            return true;
        }

        var remainder = BigInteger.Zero;
        for (var i = 0; i < number.Digits; i += ChunkDigits)
        {
            long chunk = 0;
            var length = Math.Min(ChunkDigits, number.Digits - i);
            for (var j = i; j < i + length; j++)
            {
                chunk = (chunk * 10) + number[j];
            }

            remainder = ((remainder * Powers.OfTen[length]) + chunk) % _digits;
        }

        return (remainder * BigInteger.ModPow(10, shift, _digits) % _digits).IsZero;
    }
}
