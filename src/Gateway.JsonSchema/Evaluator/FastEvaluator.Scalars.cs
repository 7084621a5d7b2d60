using System.Runtime.CompilerServices;
using Gateway.JsonSchema.Numbers;
using Gateway.JsonSchema.Patterns;
using Gateway.JsonSchema.Patterns.Unicode;
using Gateway.JsonSchema.Plans;
using Gateway.JsonSchema.Tape;

namespace Gateway.JsonSchema.Evaluator;

/// <summary>Types, listed values, numbers and strings.</summary>
internal unsafe ref partial struct FastEvaluator
{
    public bool FitsType(Node node, int row) => FitsType(node, _rows + row);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool FitsType(Node node, Row* row) =>
        ((int)node.Types >> (int)row->Kind & 1) != 0 || (row->Kind == JsonKind.Number && FitsInteger(node, row));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool FitsInteger(Node node, Row* row) => (node.Types & TypeSet.Integer) != 0
        && ((row->Tag == Row.CompactNumber && row->Scale == 0) || IsInteger(row));

    private bool IsInteger(Row* row)
    {
        _steps -= LongNumberWork(row) >> 2;
        return NumberConstant.IsInteger(_view, IndexOf(row));
    }

    // The digits of a compact number are a single one to whoever looks.
    private static int LongNumberWork(Row* row) => row->Tag == Row.CompactNumber ? 0 : row->Length >> 2;

    /// <summary>
    /// Counts what the collecting pass spends on a long text or number, so that many subschemas cannot look at it again and again for one step each;
    /// <see langword="false"/> when steps have run out.
    /// </summary>
    public bool EnterValue(Node node, int row)
    {
        var value = _rows + row;
        _steps -= value->Kind switch
        {
            JsonKind.Number => LongNumberWork(value) << (node.Numbers?.MultipleOf is null ? 0 : 2),
            JsonKind.String or JsonKind.Name => (value->Length >> CountedBytes) + (node.Strings?.Format?.WorkOf(value->Length) ?? 0),
            _ => 0,
        };
        return _steps >= 0;
    }

    /// <summary>Everything that is asked of the value itself, its children and other nodes apart.</summary>
    private bool FitsScalar(Node node, Row* row)
    {
        if ((node.Const is not null && !IsIn(node.Const, row)) || (node.Enum is not null && !IsIn(node.Enum, row)))
        {
            return false;
        }

        return row->Kind switch
        {
            JsonKind.Number => node.Numbers is null || FitsNumber(node.Numbers, row),
            JsonKind.String or JsonKind.Name => node.Strings is null || FitsString(node.Strings, row),
            _ => true,
        };
    }

    public bool IsIn(ValueSet values, int row) => IsIn(values, _rows + row);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsIn(ValueSet values, Row* row) =>
        row->Tag == Row.PlainString ? values.ContainsPadded(_bytes + row->Start, row->Length) : IsOtherIn(values, row);

    private bool IsOtherIn(ValueSet values, Row* row) => row->Kind switch
    {
        JsonKind.String or JsonKind.Name => values.ContainsString(Text(row)),
        JsonKind.Number => ContainsNumber(values, row),
        JsonKind.Array or JsonKind.Object => values.ContainsOther(_view, IndexOf(row), ref _steps),
        var literal => values.ContainsLiteral(literal),
    };

    private bool ContainsNumber(ValueSet values, Row* row)
    {
        _steps -= LongNumberWork(row);
        return values.ContainsOther(_view, IndexOf(row), ref _steps);
    }

    private bool FitsNumber(NumberRules rules, Row* row) => row->Tag == Row.CompactNumber
        ? rules.Ranges.Contains(row->Mantissa, row->Scale) && (rules.MultipleOf is null || rules.MultipleOf.Divides(_view, IndexOf(row)))
        : FitsLongNumber(rules, row);

    private bool FitsLongNumber(NumberRules rules, Row* row)
    {
        _steps -= LongNumberWork(row);
        if (!FitsBounds(rules, IndexOf(row)))
        {
            return false;
        }

        // A division for every eighteen digits.
        _steps -= rules.MultipleOf is null ? 0 : row->Length;
        return rules.MultipleOf is null || rules.MultipleOf.Divides(_view, IndexOf(row));
    }

    private readonly bool FitsBounds(NumberRules rules, int row) =>
        (rules.Minimum is null || rules.Minimum.CompareFrom(_view, row) >= 0)
        && (rules.Maximum is null || rules.Maximum.CompareFrom(_view, row) <= 0)
        && (rules.ExclusiveMinimum is null || rules.ExclusiveMinimum.CompareFrom(_view, row) > 0)
        && (rules.ExclusiveMaximum is null || rules.ExclusiveMaximum.CompareFrom(_view, row) < 0);

    private bool FitsString(StringRules rules, Row* row) =>
        FitsLength(rules, row)
        && (rules.Pattern is null || Matches(rules.Pattern, row))
        && (rules.Format is null || FitsFormat(rules.Format, row));

    private bool FitsFormat(NamedFormat format, Row* row)
    {
        _steps -= format.WorkOf(row->Length);
        return _steps >= 0 && format.Check(Text(row));
    }

    /// <summary>Bytes bound code points from above, so many lengths are decided without counting.</summary>
    private bool FitsLength(StringRules rules, Row* row)
    {
        var bytes = row->Length;
        if ((row->Flags & (RowFlags.Escaped | RowFlags.NonAscii)) == 0 || (rules.MinLength == 0 && bytes <= rules.MaxLength))
        {
            return bytes >= rules.MinLength && bytes <= rules.MaxLength;
        }

        if (bytes < rules.MinLength)
        {
            return false;
        }

        _steps -= bytes >> CountedBytes;
        var length = CodePoints(row);
        return length >= rules.MinLength && length <= rules.MaxLength;
    }

    public int CodePoints(int row) => CodePoints(_rows + row);

    private int CodePoints(Row* row) => Utf8.Count(Text(row));

    public bool Matches(NamedPattern pattern, int row) => Matches(pattern, _rows + row);

    private bool Matches(NamedPattern pattern, Row* row)
    {
        // Nothing is searched on credit: one search after the other would never notice that the steps have run out.
        _steps -= pattern.Pattern.Scans * (ScanSteps + (long)(row->Length >> 1));
        if (_steps < 0)
        {
            return false;
        }

        var match = pattern.Pattern.IsMatch(Text(row), ref _steps);
        _undecided |= match == PatternMatch.Undecided;
        return match == PatternMatch.Match;
    }

    /// <summary>The text of a string or name without escapes; valid until the next call.</summary>
    public ReadOnlySpan<byte> Text(int row) => Text(_rows + row);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ReadOnlySpan<byte> Text(Row* row) =>
        (row->Flags & RowFlags.Escaped) == 0 ? new ReadOnlySpan<byte>(_bytes + row->Start, row->Length) : UnescapedText(row);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ReadOnlySpan<byte> UnescapedText(Row* row)
    {
        // A name was unescaped when it was read.
        if (row->Kind == JsonKind.Name)
        {
            return _view.Name(IndexOf(row));
        }

        _steps -= row->Length >> 1;
        var buffer = _scratch.Text(row->Length);
        return buffer[..Escapes.Unescape(new ReadOnlySpan<byte>(_bytes + row->Start, row->Length), buffer)];
    }
}
