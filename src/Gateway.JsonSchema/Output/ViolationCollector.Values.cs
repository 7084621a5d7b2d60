using System.Text;
using Gateway.JsonSchema.Compiler;
using Gateway.JsonSchema.Numbers;
using Gateway.JsonSchema.Plans;
using Gateway.JsonSchema.Tape;

namespace Gateway.JsonSchema.Output;

/// <summary>Violations of single values, arrays and objects.</summary>
internal ref partial struct ViolationCollector
{
    private void VisitValue(Node node, int row)
    {
        if (!_fast.EnterValue(node, row))
        {
            return;
        }

        if (!_fast.FitsType(node, row))
        {
            Add(node, row, Keyword.Type, $"Expected {TypeNames.Of(node.Types)}, found {TypeNames.Of(_fast.View, row)}.");
        }

        if (node.Const is not null && !_fast.IsIn(node.Const, row))
        {
            Add(node, row, Keyword.Const, "The value is not the one expected.");
        }

        if (node.Enum is not null && !_fast.IsIn(node.Enum, row))
        {
            Add(node, row, Keyword.Enum, "The value is not one of those listed.");
        }

        switch (_fast.View.Rows[row].Kind)
        {
            case JsonKind.Number when node.Numbers is not null:
                VisitNumber(node, node.Numbers, row);
                break;
            case JsonKind.String or JsonKind.Name when node.Strings is not null:
                VisitString(node, node.Strings, row);
                break;
        }
    }

    private void VisitNumber(Node node, NumberRules rules, int row)
    {
        Compare(node, row, rules.Minimum, Keyword.Minimum, "at least", static order => order >= 0);
        Compare(node, row, rules.ExclusiveMinimum, Keyword.ExclusiveMinimum, "more than", static order => order > 0);
        Compare(node, row, rules.Maximum, Keyword.Maximum, "at most", static order => order <= 0);
        Compare(node, row, rules.ExclusiveMaximum, Keyword.ExclusiveMaximum, "less than", static order => order < 0);
        if (rules.MultipleOf is not null && !rules.MultipleOf.Divides(_fast.View, row))
        {
            Add(node, row, Keyword.MultipleOf, $"Expected a multiple of {rules.MultipleOf}.");
        }
    }

    private void Compare(Node node, int row, NumberConstant? bound, Keyword keyword, string words, Func<int, bool> holds)
    {
        if (bound is not null && !holds(bound.CompareFrom(_fast.View, row)))
        {
            Add(node, row, keyword, $"Expected {words} {SchemaErrors.Excerpt(bound.Text)}.");
        }
    }

    private void VisitString(Node node, StringRules rules, int row)
    {
        var length = _fast.CodePoints(row);
        if (length < rules.MinLength)
        {
            Add(node, row, Keyword.MinLength, $"Expected at least {rules.MinLength} characters, found {length}.");
        }

        if (length > rules.MaxLength)
        {
            Add(node, row, Keyword.MaxLength, $"Expected at most {rules.MaxLength} characters, found {length}.");
        }

        if (rules.Pattern is not null && !_fast.Matches(rules.Pattern, row))
        {
            Add(node, row, Keyword.Pattern, $"The text does not match the pattern '{SchemaErrors.Excerpt(rules.Pattern.Text)}'.");
        }

        if (rules.Format is not null && !rules.Format.Check(_fast.Text(row)))
        {
            Add(node, row, Keyword.Format, $"The text is not of the format '{rules.Format.Name}'.");
        }
    }

    private void VisitArray(Node node, ArrayRules rules, int row, int marks)
    {
        var count = _fast.View.Rows[row].Length;
        if (count < rules.MinItems)
        {
            Add(node, row, Keyword.MinItems, $"Expected at least {rules.MinItems} items, found {count}.");
        }

        if (count > rules.MaxItems)
        {
            Add(node, row, Keyword.MaxItems, $"Expected at most {rules.MaxItems} items, found {count}.");
        }

        VisitItems(rules, row, marks);
        VisitContains(node, rules, row, marks);
        if (rules.UniqueItems && _fast.FindRepeatedItem(row) is >= 0 and var repeated)
        {
            Add(node, row, Keyword.UniqueItems, $"Item {repeated} equals an earlier one.");
        }
    }

    private void VisitItems(ArrayRules rules, int row, int marks)
    {
        var view = _fast.View;
        var index = 0;
        for (var item = row + 1; item < view.Rows[row].Next && !_truncated; item = view.After(item), index++)
        {
            var inPrefix = index < rules.Prefix.Length;
            var schema = inPrefix ? rules.Prefix[index] : rules.Rest;
            if (schema is null)
            {
                return;
            }

            var keyword = inPrefix
                ? rules.HasTupleItems ? Keyword.Items : Keyword.PrefixItems
                : rules.HasTupleItems ? Keyword.AdditionalItems : Keyword.Items;
            VisitAt(schema, item, NoMarks, keyword, inPrefix ? index : -1);
            if (marks != NoMarks)
            {
                _fast.Marks.Set(marks, index);
            }
        }
    }

    private void VisitContains(Node node, ArrayRules rules, int row, int marks)
    {
        if (rules.Contains is null)
        {
            return;
        }

        var view = _fast.View;
        long found = 0;
        var index = 0;
        for (var item = row + 1; item < view.Rows[row].Next; item = view.After(item), index++)
        {
            if (!_fast.Evaluate(rules.Contains, item))
            {
                continue;
            }

            found++;
            if (marks != NoMarks && rules.ContainsMarks)
            {
                _fast.Marks.Set(marks, index);
            }
        }

        if (found < rules.MinContains)
        {
            var keyword = rules.MinContains == 1 ? Keyword.Contains : Keyword.MinContains;
            Add(node, row, keyword, $"Expected at least {rules.MinContains} matching items, found {found}.");
        }

        if (found > rules.MaxContains)
        {
            Add(node, row, Keyword.MaxContains, $"Expected at most {rules.MaxContains} matching items, found {found}.");
        }
    }

    private void VisitObject(Node node, ObjectRules rules, int row, int marks)
    {
        var count = _fast.View.Rows[row].Length;
        if (count < rules.MinProperties)
        {
            Add(node, row, Keyword.MinProperties, $"Expected at least {rules.MinProperties} members, found {count}.");
        }

        if (count > rules.MaxProperties)
        {
            Add(node, row, Keyword.MaxProperties, $"Expected at most {rules.MaxProperties} members, found {count}.");
        }

        var present = _fast.Marks.Push(rules.Names.Count);
        VisitMembers(rules, row, marks, present);
        foreach (var name in rules.Required)
        {
            if (!_fast.Marks.Has(present, name))
            {
                Add(node, row, Keyword.Required, $"The member '{NameOf(rules, name)}' is missing.");
            }
        }

        VisitDependents(node, rules, row, marks, present);
        _fast.Marks.Pop(present);
    }

    private void VisitMembers(ObjectRules rules, int row, int marks, int present)
    {
        var view = _fast.View;
        var index = 0;
        for (var name = row + 1; name < view.Rows[row].Next && !_truncated; name = view.After(name + 1), index++)
        {
            if (rules.PropertyNames is not null)
            {
                VisitAt(rules.PropertyNames, name, NoMarks, Keyword.PropertyNames);
            }

            var number = rules.Names.Find(view.Rows[name].Hash, view.Name(name));
            if (number >= 0)
            {
                _fast.Marks.Set(present, number);
            }

            if (VisitMember(rules, name, number) && marks != NoMarks)
            {
                _fast.Marks.Set(marks, index);
            }
        }
    }

    private bool VisitMember(ObjectRules rules, int name, int number)
    {
        var evaluated = false;
        if (number >= 0 && rules.Properties[number] is { } property)
        {
            evaluated = true;
            VisitAt(property, name + 1, NoMarks, Keyword.Properties, key: rules.Names[number]);
        }

        foreach (var pattern in rules.Patterns)
        {
            if (_fast.Matches(pattern.Pattern, name))
            {
                evaluated = true;
                VisitAt(pattern.Schema, name + 1, NoMarks, Keyword.PatternProperties, key: Encoding.UTF8.GetBytes(pattern.Pattern.Text));
            }
        }

        if (!evaluated && rules.Additional is not null)
        {
            evaluated = true;
            VisitAt(rules.Additional, name + 1, NoMarks, Keyword.AdditionalProperties);
        }

        return evaluated;
    }

    private void VisitDependents(Node node, ObjectRules rules, int row, int marks, int present)
    {
        foreach (var dependent in rules.DependentRequired)
        {
            foreach (var needed in dependent.Needed)
            {
                if (_fast.Marks.Has(present, dependent.Trigger) && !_fast.Marks.Has(present, needed))
                {
                    Add(node, row, dependent.FromDependencies ? Keyword.Dependencies : Keyword.DependentRequired,
                        $"The member '{NameOf(rules, needed)}' is missing; it is needed beside '{NameOf(rules, dependent.Trigger)}'.");
                }
            }
        }

        foreach (var dependent in rules.DependentSchemas)
        {
            if (_fast.Marks.Has(present, dependent.Trigger))
            {
                VisitAt(dependent.Schema, row, marks,
                    dependent.FromDependencies ? Keyword.Dependencies : Keyword.DependentSchemas, key: rules.Names[dependent.Trigger]);
            }
        }
    }

    // Names come from the schema, not from the instance: they may be told.
    private static string NameOf(ObjectRules rules, int name) => SchemaErrors.Excerpt(Encoding.UTF8.GetString(rules.Names[name]));
}
