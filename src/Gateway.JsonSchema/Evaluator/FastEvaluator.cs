using System.Runtime.CompilerServices;
using Gateway.JsonSchema.Numbers;
using Gateway.JsonSchema.Patterns;
using Gateway.JsonSchema.Plans;
using Gateway.JsonSchema.Tape;

namespace Gateway.JsonSchema.Evaluator;

/// <summary>
/// The fast pass: walks graph and tape together, stops at the first failure and keeps no record of it. Sets of evaluated members are kept only
/// below a node that asks for them.
/// </summary>
internal ref partial struct FastEvaluator
{
    /// <summary>Stands for "nobody asks which members were evaluated".</summary>
    public const int NoMarks = -1;

    // How often the remaining stack is measured, in levels.
    private const int StackCheckInterval = 32;

    // A search costs something before its first byte, and a general automaton some nanoseconds a byte.
    private const int PatternSteps = 4;

    private readonly JsonView _view;
    private readonly Scratch _scratch;
    private readonly MarkStack _marks;
    private long _steps;
    private int _depth;
    private bool _undecided;

    public FastEvaluator(ReadOnlySpan<byte> utf8, Scratch scratch, long steps)
    {
        var tape = scratch.Tape;
        _view = new JsonView(utf8, tape.Rows.AsSpan(0, tape.Count), tape.Side.AsSpan(0, tape.SideCount));
        (_scratch, _marks, _steps) = (scratch, scratch.Marks, steps);
    }

    /// <summary>Whether the last answers mean nothing: no steps or no stack left, or a pattern could not be decided.</summary>
    public readonly bool GaveUp => _steps < 0 || _undecided;

    public readonly JsonView View => _view;

    public readonly MarkStack Marks => _marks;

    /// <summary>Whether the value at a row fits. Meaningless when <see cref="GaveUp"/> is set afterwards.</summary>
    public bool Evaluate(Node node, int row) => Evaluate(node, row, NoMarks);

    private bool Evaluate(Node node, int row, int marks)
    {
        if (--_steps < 0 || !FitsValue(node, row))
        {
            return false;
        }

        if (++_depth % StackCheckInterval == 0 && !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            _steps = -1;
        }

        var fits = _view.Rows[row].Kind switch
        {
            JsonKind.Array => FitsContainer(node, row, marks, node.Arrays?.Unevaluated),
            JsonKind.Object => FitsContainer(node, row, marks, node.Objects?.Unevaluated),
            _ => !node.Combines || FitsCombinations(node, row, NoMarks),
        };
        _depth--;
        return fits && _steps >= 0;
    }

    /// <summary>Counts a visit of the collecting pass; <see langword="false"/> when steps or stack have run out.</summary>
    public bool Enter()
    {
        if (++_depth % StackCheckInterval == 0 && !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            _steps = -1;
        }

        return --_steps >= 0;
    }

    public void Leave() => _depth--;

    public int FindRepeatedItem(int row) => UniqueItems.FindRepeated(_view, row, ref _steps);

    /// <summary>Everything that is asked of the value itself, its children and other nodes apart.</summary>
    private bool FitsValue(Node node, int row) => FitsType(node, row)
        && (node.Const is null || IsIn(node.Const, row))
        && (node.Enum is null || IsIn(node.Enum, row))
        && _view.Rows[row].Kind switch
        {
            JsonKind.Number => node.Numbers is null || FitsNumber(node.Numbers, row),
            JsonKind.String or JsonKind.Name => node.Strings is null || FitsString(node.Strings, row),
            _ => true,
        };

    public readonly bool FitsType(Node node, int row)
    {
        var kind = _view.Rows[row].Kind;
        return ((int)node.Types >> (int)kind & 1) != 0
            || (kind == JsonKind.Number && (node.Types & TypeSet.Integer) != 0 && NumberConstant.IsInteger(_view, row));
    }

    public bool IsIn(ValueSet values, int row) => _view.Rows[row].Kind switch
    {
        JsonKind.String or JsonKind.Name => values.ContainsString(Text(row)),
        JsonKind.Number or JsonKind.Array or JsonKind.Object => values.ContainsOther(_view, row, ref _steps),
        var literal => values.ContainsLiteral(literal),
    };

    private readonly bool FitsNumber(NumberRules rules, int row) =>
        (rules.Minimum is null || rules.Minimum.CompareFrom(_view, row) >= 0)
        && (rules.ExclusiveMinimum is null || rules.ExclusiveMinimum.CompareFrom(_view, row) > 0)
        && (rules.Maximum is null || rules.Maximum.CompareFrom(_view, row) <= 0)
        && (rules.ExclusiveMaximum is null || rules.ExclusiveMaximum.CompareFrom(_view, row) < 0)
        && (rules.MultipleOf is null || rules.MultipleOf.Divides(_view, row));

    private bool FitsString(StringRules rules, int row) =>
        FitsLength(rules, row)
        && (rules.Pattern is null || Matches(rules.Pattern, row))
        && (rules.Format is null || rules.Format.Check(Text(row)));

    /// <summary>Bytes bound code points from both sides (n / 4 to n), so most lengths are decided without counting.</summary>
    private bool FitsLength(StringRules rules, int row)
    {
        ref readonly var value = ref _view.Rows[row];
        if ((value.Flags & (RowFlags.Escaped | RowFlags.NonAscii)) == 0)
        {
            return value.Length >= rules.MinLength && value.Length <= rules.MaxLength;
        }

        if (value.Length < rules.MinLength)
        {
            return false;
        }

        var length = rules.MinLength == 0 && value.Length <= rules.MaxLength ? 0 : CodePoints(row);
        return length >= rules.MinLength && length <= rules.MaxLength;
    }

    public int CodePoints(int row)
    {
        var continuations = 0;
        var text = Text(row);
        foreach (var unit in text)
        {
            continuations += (unit & 0xC0) == 0x80 ? 1 : 0;
        }

        return text.Length - continuations;
    }

    public bool Matches(NamedPattern pattern, int row)
    {
        var text = Text(row);
        _steps -= PatternSteps + (text.Length >> 2);
        var match = pattern.Pattern.IsMatch(text);
        _undecided |= match == PatternMatch.Undecided;
        return match == PatternMatch.Match;
    }

    /// <summary>The text of a string or name without escapes; valid until the next call.</summary>
    public readonly ReadOnlySpan<byte> Text(int row)
    {
        var raw = _view.Raw(row);
        if (!_view.IsEscaped(row))
        {
            return raw;
        }

        var buffer = _scratch.Text(raw.Length);
        return buffer[..Escapes.Unescape(raw, buffer)];
    }
}
