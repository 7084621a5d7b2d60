using System.Text;
using Gateway.JsonSchema.Compiler;
using Gateway.JsonSchema.Evaluator;
using Gateway.JsonSchema.Plans;
using Gateway.JsonSchema.Tape;

namespace Gateway.JsonSchema.Output;

/// <summary>One annotation: a keyword that judges nothing, at a value that fits its schema.</summary>
/// <param name="Value">The keyword's value, as written in the schema.</param>
internal sealed record Annotation(string InstanceLocation, string KeywordLocation, string? AbsoluteKeywordLocation, byte[] Value);

/// <summary>
/// Walks a valid instance once more and notes the annotations of the meta-data, format and content vocabularies. Only what fits is walked into: a
/// failed subschema has none (2020-12 core, section 7.7.1.2).
/// </summary>
internal ref struct AnnotationCollector
{
    private const int NoMarks = FastEvaluator.NoMarks;

    private static readonly NameMap Keywords = new([.. new[]
    {
        "title", "description", "default", "deprecated", "readOnly", "writeOnly", "examples", "format", "contentEncoding", "contentMediaType", "contentSchema",
    }.Select(Encoding.UTF8.GetBytes)]);

    private readonly KeywordPath _path;
    private readonly List<Annotation> _annotations;
    private FastEvaluator _fast;

    public AnnotationCollector(FastEvaluator fast, Scratch scratch, List<Annotation> annotations)
    {
        _fast = fast;
        (_path, _annotations) = (scratch.Path, annotations);
    }

    /// <summary>Fills the list; <see langword="false"/> when steps or stack have run out.</summary>
    public bool Collect(Node root)
    {
        Visit(root, 0, NoMarks);
        return !_fast.GaveUp;
    }

    private void Visit(Node node, int row, int marks)
    {
        if (!_fast.Enter())
        {
            return;
        }

        AddAnnotations(node, row);
        var isArray = _fast.View.Rows[row].Kind == JsonKind.Array;
        var isObject = _fast.View.Rows[row].Kind == JsonKind.Object;
        var unevaluated = isArray ? node.Arrays?.Unevaluated : isObject ? node.Objects?.Unevaluated : null;
        var own = unevaluated is null ? marks : _fast.Marks.Push(_fast.View.Rows[row].Length);
        if (isArray && node.Arrays is { } arrays)
        {
            VisitItems(arrays, row, own);
        }

        if (isObject && node.Objects is { } objects)
        {
            VisitMembers(objects, row, own);
        }

        VisitCombinations(node, row, isArray || isObject ? own : NoMarks);
        if (unevaluated is not null)
        {
            VisitUnevaluated(unevaluated, row, own, isArray ? Keyword.UnevaluatedItems : Keyword.UnevaluatedProperties);
            _fast.Marks.Pop(own);
        }

        // Everything a fitting subschema has evaluated counts for whoever asks around it.
        if (marks != NoMarks)
        {
            _fast.EvaluateBranch(node, row, marks);
        }

        _fast.Leave();
    }

    private readonly void AddAnnotations(Node node, int row)
    {
        var document = node.Place.Resource.Document;
        if (document.Kind(node.Place.Row) != JsonKind.Object)
        {
            return;
        }

        foreach (var name in document.Children(node.Place.Row))
        {
            if (Keywords.Find(document.View.Rows[name].Hash, document.View.Name(name)) is >= 0 and var number)
            {
                var keyword = Encoding.UTF8.GetString(Keywords[number]);
                _annotations.Add(new Annotation(
                    _path.InstanceLocation(_fast.View, row), $"{_path.Location(null)}/{keyword}",
                    _path.AbsoluteLocation(node, null) is { } place ? $"{place}/{keyword}" : null,
                    document.View.Bytes[document.Extent(name + 1)].ToArray()));
            }
        }
    }

    private void VisitItems(ArrayRules rules, int row, int marks)
    {
        var view = _fast.View;
        var index = 0;
        for (var item = row + 1; item < view.Rows[row].Next; item = view.After(item), index++)
        {
            if (index < rules.Prefix.Length)
            {
                VisitAt(rules.Prefix[index], item, NoMarks, rules.HasTupleItems ? Keyword.Items : Keyword.PrefixItems, index);
                Mark(marks, index);
            }
            else if (rules.Rest is not null)
            {
                VisitAt(rules.Rest, item, NoMarks, rules.HasTupleItems ? Keyword.AdditionalItems : Keyword.Items);
                Mark(marks, index);
            }

            if (rules.Contains is not null && _fast.Evaluate(rules.Contains, item))
            {
                VisitAt(rules.Contains, item, NoMarks, Keyword.Contains);
                Mark(rules.ContainsMarks ? marks : NoMarks, index);
            }
        }
    }

    private void VisitMembers(ObjectRules rules, int row, int marks)
    {
        var view = _fast.View;
        var index = 0;
        for (var name = row + 1; name < view.Rows[row].Next; name = view.After(name + 1), index++)
        {
            var evaluated = false;
            var number = rules.Names.Find(view.Rows[name].Hash, view.Name(name));
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

            Mark(evaluated ? marks : NoMarks, index);
            foreach (var dependent in rules.DependentSchemas)
            {
                if (dependent.Trigger == number)
                {
                    VisitAt(dependent.Schema, row, marks, dependent.FromDependencies ? Keyword.Dependencies : Keyword.DependentSchemas, key: rules.Names[number]);
                }
            }
        }
    }

    private void VisitCombinations(Node node, int row, int marks)
    {
        foreach (var edge in node.All)
        {
            VisitAt(edge.Node, row, marks, edge.Keyword, edge.Index);
        }

        VisitFitting(node.AnyOf, row, marks, Keyword.AnyOf);
        VisitFitting(node.OneOf, row, marks, Keyword.OneOf);
        if (node.If is null)
        {
            return;
        }

        if (!_fast.Evaluate(node.If, row))
        {
            VisitFitting(node.Else is null ? [] : [node.Else], row, marks, Keyword.Else);
            return;
        }

        VisitAt(node.If, row, marks, Keyword.If);
        if (node.Then is not null)
        {
            VisitAt(node.Then, row, marks, Keyword.Then);
        }
    }

    private void VisitFitting(Node[] branches, int row, int marks, Keyword keyword)
    {
        for (var i = 0; i < branches.Length; i++)
        {
            if (_fast.Evaluate(branches[i], row))
            {
                VisitAt(branches[i], row, marks, keyword, keyword == Keyword.Else ? -1 : i);
            }
        }
    }

    private void VisitUnevaluated(Node unevaluated, int row, int marks, Keyword keyword)
    {
        var view = _fast.View;
        var names = view.Rows[row].Kind == JsonKind.Object ? 1 : 0;
        var index = 0;
        for (var child = row + 1; child < view.Rows[row].Next; child = view.After(child + names), index++)
        {
            if (!_fast.Marks.Has(marks, index))
            {
                VisitAt(unevaluated, child + names, NoMarks, keyword);
            }
        }
    }

    private void VisitAt(Node node, int row, int marks, Keyword keyword, int index = -1, byte[]? key = null)
    {
        _path.Push(keyword, index, key);
        Visit(node, row, marks);
        _path.Pop();
    }

    private readonly void Mark(int marks, int index)
    {
        if (marks != NoMarks)
        {
            _fast.Marks.Set(marks, index);
        }
    }
}
