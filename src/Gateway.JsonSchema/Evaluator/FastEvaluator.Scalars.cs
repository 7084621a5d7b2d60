using System.Runtime.CompilerServices;
using Gateway.JsonSchema.Numbers;
using Gateway.JsonSchema.Patterns;
using Gateway.JsonSchema.Plans;
using Gateway.JsonSchema.Tape;

namespace Gateway.JsonSchema.Evaluator;

/// <summary>Types, listed values, numbers and strings.</summary>
internal unsafe ref partial struct FastEvaluator
{
    public readonly bool FitsType(Node node, int row) => FitsType(node, _rows + row);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly bool FitsType(Node node, Row* row) =>
        ((int)node.Types >> (int)row->Kind & 1) != 0 || (row->Kind == JsonKind.Number && FitsInteger(node, row));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly bool FitsInteger(Node node, Row* row) => (node.Types & TypeSet.Integer) != 0
        && (((row->Flags & RowFlags.Compact) != 0 && row->Scale == 0) || NumberConstant.IsInteger(_view, IndexOf(row)));

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
        JsonKind.Number or JsonKind.Array or JsonKind.Object => values.ContainsOther(_view, IndexOf(row), ref _steps),
        var literal => values.ContainsLiteral(literal),
    };

    private readonly bool FitsNumber(NumberRules rules, Row* row)
    {
        var fits = (row->Flags & RowFlags.Compact) != 0
            ? rules.Ranges.Contains(row->Mantissa, row->Scale)
            : FitsBounds(rules, IndexOf(row));
        return fits && (rules.MultipleOf is null || rules.MultipleOf.Divides(_view, IndexOf(row)));
    }

    private readonly bool FitsBounds(NumberRules rules, int row) =>
        (rules.Minimum is null || rules.Minimum.CompareFrom(_view, row) >= 0)
        && (rules.Maximum is null || rules.Maximum.CompareFrom(_view, row) <= 0)
        && (rules.ExclusiveMinimum is null || rules.ExclusiveMinimum.CompareFrom(_view, row) > 0)
        && (rules.ExclusiveMaximum is null || rules.ExclusiveMaximum.CompareFrom(_view, row) < 0);

    private bool FitsString(StringRules rules, Row* row) =>
        FitsLength(rules, row)
        && (rules.Pattern is null || Matches(rules.Pattern, row))
        && (rules.Format is null || rules.Format.Check(Text(row)));

    /// <summary>Bytes bound code points from above, so many lengths are decided without counting.</summary>
    private readonly bool FitsLength(StringRules rules, Row* row)
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

        var length = CodePoints(row);
        return length >= rules.MinLength && length <= rules.MaxLength;
    }

    public readonly int CodePoints(int row) => CodePoints(_rows + row);

    private readonly int CodePoints(Row* row)
    {
        var continuations = 0;
        var text = Text(row);
        foreach (var unit in text)
        {
            continuations += (unit & 0xC0) == 0x80 ? 1 : 0;
        }

        return text.Length - continuations;
    }

    public bool Matches(NamedPattern pattern, int row) => Matches(pattern, _rows + row);

    private bool Matches(NamedPattern pattern, Row* row)
    {
        var text = Text(row);
        _steps -= PatternSteps + (text.Length >> 1);
        var match = pattern.Pattern.IsMatch(text, ref _steps);
        _undecided |= match == PatternMatch.Undecided;
        return match == PatternMatch.Match;
    }

    /// <summary>The text of a string or name without escapes; valid until the next call.</summary>
    public readonly ReadOnlySpan<byte> Text(int row) => Text(_rows + row);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly ReadOnlySpan<byte> Text(Row* row) =>
        (row->Flags & RowFlags.Escaped) == 0 ? new ReadOnlySpan<byte>(_bytes + row->Start, row->Length) : UnescapedText(row);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly ReadOnlySpan<byte> UnescapedText(Row* row)
    {
        // A name was unescaped when it was read.
        if (row->Kind == JsonKind.Name)
        {
            return _view.Name(IndexOf(row));
        }

        var buffer = _scratch.Text(row->Length);
        return buffer[..Escapes.Unescape(new ReadOnlySpan<byte>(_bytes + row->Start, row->Length), buffer)];
    }
}
