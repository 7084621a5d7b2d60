using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Gateway.JsonSchema.Numbers;
using Gateway.JsonSchema.Plans;
using Gateway.JsonSchema.Tape;

namespace Gateway.JsonSchema.Evaluator;

/// <summary>Arrays and objects.</summary>
internal unsafe ref partial struct FastEvaluator
{
    /// <summary>
    /// A container with everything that is asked of it. A node with <c>unevaluated*</c> sees its own marks only, never those of its cousins; once
    /// it has succeeded, every child is evaluated.
    /// </summary>
    private bool FitsContainer(Node node, Row* row, int marks, Node? unevaluated)
    {
        if (unevaluated is null)
        {
            return FitsChildren(node, row, marks) && (!node.Combines || FitsCombinations(node, row, marks));
        }

        var count = row->Length;
        var own = _marks.Push(count);
        _steps -= count >> 6;
        var fits = FitsChildren(node, row, own)
            && (!node.Combines || FitsCombinations(node, row, own))
            && FitsUnevaluated(unevaluated.Direct, row, own);
        _marks.Pop(own);
        if (fits && marks != NoMarks)
        {
            _marks.SetAll(marks, count);
        }

        return fits;
    }

    private bool FitsChildren(Node node, Row* row, int marks) => row->Kind == JsonKind.Array
        ? node.Arrays is null || FitsArray(node.Arrays, row, marks)
        : node.Objects is null || FitsObject(node.Objects, row, marks);

    private bool FitsUnevaluated(Node unevaluated, Row* row, int marks)
    {
        if (_marks.HasAll(marks, row->Length))
        {
            return true;
        }

        var end = _rows + row->Next;
        var names = row->Kind == JsonKind.Object ? 1 : 0;
        var index = 0;
        for (var child = row + 1; child < end; index++)
        {
            var value = child + names;
            if (!_marks.Has(marks, index) && !Evaluate(unevaluated, value, NoMarks))
            {
                return false;
            }

            child = After(value);
        }

        return true;
    }

    private bool FitsArray(ArrayRules rules, Row* row, int marks)
    {
        CheckStack();
        var fits = row->Length >= rules.MinItems && row->Length <= rules.MaxItems
            && FitsItems(rules, row, marks)
            && (rules.Contains is null || FitsContains(rules, rules.Contains.Direct, row, marks))
            && (!rules.UniqueItems || UniqueItems.FindRepeated(_view, IndexOf(row), ref _steps) < 0);
        _depth--;
        return fits;
    }

    private bool FitsItems(ArrayRules rules, Row* row, int marks)
    {
        var end = _rows + row->Next;
        var item = row + 1;
        var index = 0;
        foreach (var schema in rules.DirectPrefix)
        {
            if (item == end)
            {
                break;
            }

            if (!FitsChild(schema, item))
            {
                return false;
            }

            item = After(item);
            index++;
        }

        if (rules.Rest?.Direct is { } rest)
        {
            for (; item < end; item = After(item))
            {
                if (!FitsChild(rest, item))
                {
                    return false;
                }
            }

            index = row->Length;
        }

        if (marks != NoMarks)
        {
            _marks.SetAll(marks, index);
        }

        return true;
    }

    private bool FitsContains(ArrayRules rules, Node contains, Row* row, int marks)
    {
        var marking = marks != NoMarks && rules.ContainsMarks;
        var end = _rows + row->Next;
        long found = 0;
        var index = 0;
        for (var item = row + 1; item < end && _steps >= 0; item = After(item), index++)
        {
            if (!FitsChild(contains, item))
            {
                continue;
            }

            found++;
            if (marking)
            {
                _marks.Set(marks, index);
            }
            else if (found >= rules.MinContains && rules.MaxContains == long.MaxValue)
            {
                return true;
            }
        }

        return found >= rules.MinContains && found <= rules.MaxContains;
    }

    private bool FitsObject(ObjectRules rules, Row* row, int marks)
    {
        if (row->Length < rules.MinProperties || row->Length > rules.MaxProperties)
        {
            return false;
        }

        CheckStack();
        bool fits;
        if (rules.ByNameOnly && (marks == NoMarks || row->Length <= 64))
        {
            fits = FitsNamedMembers(rules, row, marks);
        }
        else
        {
            var present = _marks.Push(rules.Names.Count);
            fits = FitsMembers(rules, row, marks, present)
                && HasRequired(rules, present)
                && FitsDependents(rules, row, marks, present);
            _marks.Pop(present);
        }

        _depth--;
        return fits;
    }

    /// <summary>The common case: declared names in one map, the rest additional, presence in one word.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool FitsNamedMembers(ObjectRules rules, Row* row, int marks)
    {
        ref var members = ref MemoryMarshal.GetArrayDataReference(rules.Members);
        var additional = rules.Additional?.Direct;
        var end = _rows + row->Next;
        ulong present = 0;
        ulong evaluated = 0;
        var bit = 1UL;

        // No name comes twice: once all are seen and nothing is asked of others, the rest of the object does not matter.
        var unseen = additional is null ? rules.Names.Count : int.MaxValue;

        // Members often come in the order in which the schema names them.
        var number = 0;
        for (var name = row + 1; name < end && unseen > 0; bit <<= 1)
        {
            var value = name + 1;
            var fits = true;
            if (Unsafe.Add(ref members, number).Is(name, _bytes) || (number = NumberOf(rules.Names, name)) >= 0)
            {
                ref readonly var member = ref Unsafe.Add(ref members, number);
                unseen--;
                present |= 1UL << number++;
                evaluated |= member.Schema is null ? 0 : bit;
                fits = ((int)member.Accepts >> (int)value->Kind & 1) != 0 ? --_steps >= 0 : FitsChild(member.Schema!, value);
            }
            else
            {
                number = 0;
                if (additional is not null)
                {
                    evaluated |= bit;
                    fits = FitsChild(additional, value);
                }
            }

            if (!fits)
            {
                return false;
            }

            name = After(value);
        }

        if (marks != NoMarks && evaluated != 0)
        {
            _marks.SetFirst(marks, evaluated);
        }

        return (rules.RequiredMask & ~present) == 0;
    }

    /// <summary>A child value; the plainest plans need no call. What they do not let pass at once is looked at thoroughly.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool FitsChild(Node schema, Row* value)
    {
        if (((int)schema.Accepts >> (int)value->Kind & 1) != 0 || (value->Tag == Row.CompactNumber && SurelyFits(schema.Fitting, value)))
        {
            return --_steps >= 0;
        }

        return Evaluate(schema, value, NoMarks);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool SurelyFits(CompactRanges.Range[] fitting, Row* value) =>
        value->Scale < fitting.Length && value->Mantissa >= fitting[value->Scale].Least && value->Mantissa <= fitting[value->Scale].Greatest;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly int NumberOf(NameMap names, Row* name) => (name->Flags & RowFlags.Side) == 0
        ? names.FindPadded(name->Hash, _bytes + name->Start, name->Length)
        : names.Find(name->Hash, _view.Name(IndexOf(name)));

    private bool FitsMembers(ObjectRules rules, Row* row, int marks, int present)
    {
        var end = _rows + row->Next;
        var index = 0;
        for (var name = row + 1; name < end; name = After(name + 1), index++)
        {
            if (rules.PropertyNames is not null && !FitsChild(rules.PropertyNames.Direct, name))
            {
                return false;
            }

            var number = NumberOf(rules.Names, name);
            if (number >= 0)
            {
                _marks.Set(present, number);
            }

            if (!FitsMember(rules, name, number, out var evaluated))
            {
                return false;
            }

            if (evaluated && marks != NoMarks)
            {
                _marks.Set(marks, index);
            }
        }

        return true;
    }

    private bool FitsMember(ObjectRules rules, Row* name, int number, out bool evaluated)
    {
        var schema = number >= 0 ? rules.Direct[number] : null;
        evaluated = schema is not null;
        if (schema is not null && !FitsChild(schema, name + 1))
        {
            return false;
        }

        foreach (var pattern in rules.Patterns)
        {
            if (!Matches(pattern.Pattern, name))
            {
                if (_steps < 0)
                {
                    return false;
                }

                continue;
            }

            evaluated = true;
            if (!FitsChild(pattern.Schema.Direct, name + 1))
            {
                return false;
            }
        }

        if (evaluated || rules.Additional is null)
        {
            return true;
        }

        evaluated = true;
        return FitsChild(rules.Additional.Direct, name + 1);
    }

    private readonly bool HasRequired(ObjectRules rules, int present)
    {
        foreach (var name in rules.Required)
        {
            if (!_marks.Has(present, name))
            {
                return false;
            }
        }

        return true;
    }

    private bool FitsDependents(ObjectRules rules, Row* row, int marks, int present)
    {
        foreach (var dependent in rules.DependentRequired)
        {
            if (!_marks.Has(present, dependent.Trigger))
            {
                continue;
            }

            foreach (var needed in dependent.Needed)
            {
                if (!_marks.Has(present, needed))
                {
                    return false;
                }
            }
        }

        foreach (var dependent in rules.DependentSchemas)
        {
            if (_marks.Has(present, dependent.Trigger) && !Evaluate(dependent.Schema.Direct, row, marks))
            {
                return false;
            }
        }

        return true;
    }
}
