using Gateway.JsonSchema.Plans;
using Gateway.JsonSchema.Tape;

namespace Gateway.JsonSchema.Evaluator;

/// <summary>Arrays, objects, combinations, and the marks that travel between them.</summary>
internal ref partial struct FastEvaluator
{
    /// <summary>
    /// A container with everything that is asked of it. A node with <c>unevaluated*</c> sees its own marks only, never those of its cousins; once
    /// it has succeeded, every child is evaluated.
    /// </summary>
    private bool FitsContainer(Node node, int row, int marks, Node? unevaluated)
    {
        var count = _view.Rows[row].Length;
        if (unevaluated is null)
        {
            return FitsChildren(node, row, marks) && (!node.Combines || FitsCombinations(node, row, marks));
        }

        var own = _marks.Push(count);
        _steps -= count >> 6;
        var fits = FitsChildren(node, row, own)
            && (!node.Combines || FitsCombinations(node, row, own))
            && FitsUnevaluated(unevaluated, row, own);
        _marks.Pop(own);
        if (fits && marks != NoMarks)
        {
            _marks.SetAll(marks, count);
        }

        return fits;
    }

    private bool FitsChildren(Node node, int row, int marks) => _view.Rows[row].Kind == JsonKind.Array
        ? node.Arrays is null || FitsArray(node.Arrays, row, marks)
        : node.Objects is null || FitsObject(node.Objects, row, marks);

    private bool FitsUnevaluated(Node unevaluated, int row, int marks)
    {
        var isObject = _view.Rows[row].Kind == JsonKind.Object;
        var end = _view.Rows[row].Next;
        var index = 0;
        for (var child = row + 1; child < end; index++)
        {
            var value = isObject ? child + 1 : child;
            if (!_marks.Has(marks, index) && !Evaluate(unevaluated, value, NoMarks))
            {
                return false;
            }

            child = _view.After(value);
        }

        return true;
    }

    private bool FitsArray(ArrayRules rules, int row, int marks)
    {
        var count = _view.Rows[row].Length;
        if (count < rules.MinItems || count > rules.MaxItems)
        {
            return false;
        }

        if ((rules.Prefix.Length > 0 || rules.Rest is not null) && !FitsItems(rules, row, marks))
        {
            return false;
        }

        return (rules.Contains is null || FitsContains(rules, rules.Contains, row, marks))
            && (!rules.UniqueItems || UniqueItems.FindRepeated(_view, row, ref _steps) < 0);
    }

    private bool FitsItems(ArrayRules rules, int row, int marks)
    {
        var end = _view.Rows[row].Next;
        var index = 0;
        for (var item = row + 1; item < end; item = _view.After(item), index++)
        {
            var schema = index < rules.Prefix.Length ? rules.Prefix[index] : rules.Rest;
            if (schema is null)
            {
                return true;
            }

            if (!Evaluate(schema, item, NoMarks))
            {
                return false;
            }

            if (marks != NoMarks)
            {
                _marks.Set(marks, index);
            }
        }

        return true;
    }

    private bool FitsContains(ArrayRules rules, Node contains, int row, int marks)
    {
        var marking = marks != NoMarks && rules.ContainsMarks;
        var end = _view.Rows[row].Next;
        long found = 0;
        var index = 0;
        for (var item = row + 1; item < end && _steps >= 0; item = _view.After(item), index++)
        {
            if (!Evaluate(contains, item, NoMarks))
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

    private bool FitsObject(ObjectRules rules, int row, int marks)
    {
        var count = _view.Rows[row].Length;
        if (count < rules.MinProperties || count > rules.MaxProperties)
        {
            return false;
        }

        if (!rules.TracksPresence)
        {
            return FitsMembers(rules, row, marks, NoMarks);
        }

        var present = _marks.Push(rules.Names.Count);
        var fits = FitsMembers(rules, row, marks, present)
            && HasRequired(rules, present)
            && FitsDependents(rules, row, marks, present);
        _marks.Pop(present);
        return fits;
    }

    private bool FitsMembers(ObjectRules rules, int row, int marks, int present)
    {
        var end = _view.Rows[row].Next;
        var index = 0;
        for (var name = row + 1; name < end; name = _view.After(name + 1), index++)
        {
            if (rules.PropertyNames is not null && !Evaluate(rules.PropertyNames, name, NoMarks))
            {
                return false;
            }

            var number = rules.Names.Find(_view.Rows[name].Hash, _view.Name(name));
            if (number >= 0 && present != NoMarks)
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

    private bool FitsMember(ObjectRules rules, int name, int number, out bool evaluated)
    {
        var schema = number >= 0 ? rules.Properties[number] : null;
        evaluated = schema is not null;
        if (schema is not null && !Evaluate(schema, name + 1, NoMarks))
        {
            return false;
        }

        foreach (var pattern in rules.Patterns)
        {
            if (!Matches(pattern.Pattern, name))
            {
                continue;
            }

            evaluated = true;
            if (!Evaluate(pattern.Schema, name + 1, NoMarks))
            {
                return false;
            }
        }

        if (evaluated || rules.Additional is null)
        {
            return true;
        }

        evaluated = true;
        return Evaluate(rules.Additional, name + 1, NoMarks);
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

    private bool FitsDependents(ObjectRules rules, int row, int marks, int present)
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
            if (_marks.Has(present, dependent.Trigger) && !Evaluate(dependent.Schema, row, marks))
            {
                return false;
            }
        }

        return true;
    }

    private bool FitsCombinations(Node node, int row, int marks)
    {
        foreach (var edge in node.All)
        {
            if (!Evaluate(edge.Node, row, marks))
            {
                return false;
            }
        }

        return (node.AnyOf.Length == 0 || FitsAny(node.AnyOf, row, marks))
            && (node.OneOf.Length == 0 || FitsOne(node.OneOf, row, marks))
            && (node.Not is null || !Evaluate(node.Not, row, NoMarks))
            && (node.If is null || FitsCondition(node, row, marks));
    }

    private bool FitsAny(Node[] branches, int row, int marks)
    {
        var any = false;
        foreach (var branch in branches)
        {
            any |= EvaluateBranch(branch, row, marks);
            if (any && marks == NoMarks)
            {
                return true;
            }
        }

        return any;
    }

    private bool FitsOne(Node[] branches, int row, int marks)
    {
        var one = false;
        foreach (var branch in branches)
        {
            if (!EvaluateBranch(branch, row, marks))
            {
                continue;
            }

            if (one)
            {
                return false;
            }

            one = true;
        }

        return one;
    }

    private bool FitsCondition(Node node, int row, int marks)
    {
        if (node.Then is null && node.Else is null && marks == NoMarks)
        {
            return true;
        }

        var chosen = EvaluateBranch(node.If!, row, marks) ? node.Then : node.Else;
        return chosen is null || Evaluate(chosen, row, marks);
    }

    /// <summary>A node whose failure is not yet a failure of the whole: its marks count only when it succeeds.</summary>
    public bool EvaluateBranch(Node branch, int row, int marks)
    {
        if (marks == NoMarks || !branch.Marks)
        {
            return Evaluate(branch, row, NoMarks);
        }

        var count = _view.Rows[row].Length;
        _steps -= count >> 6;
        var own = _marks.Push(count);
        var fits = Evaluate(branch, row, own);
        if (fits)
        {
            _marks.Union(marks, own, count);
        }

        _marks.Pop(own);
        return fits;
    }
}
