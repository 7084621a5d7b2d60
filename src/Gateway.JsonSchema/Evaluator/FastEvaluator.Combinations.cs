using Gateway.JsonSchema.Plans;
using Gateway.JsonSchema.Tape;

namespace Gateway.JsonSchema.Evaluator;

/// <summary>Nodes that apply to the same value, and the marks that travel between them.</summary>
internal unsafe ref partial struct FastEvaluator
{
    private bool FitsCombinations(Node node, Row* row, int marks)
    {
        CheckStack();
        var fits = FitsAll(node.All, row, marks)
            && (node.AnyOf.Length == 0 || FitsAny(node, row, marks))
            && (node.OneOf.Length == 0 || FitsOne(node, row, marks))
            && (node.Not is null || !Evaluate(node.Not.Direct, row, NoMarks))
            && (node.If is null || FitsCondition(node, row, marks));
        _depth--;
        return fits;
    }

    private bool FitsAll(Edge[] edges, Row* row, int marks)
    {
        foreach (var edge in edges)
        {
            if (!Evaluate(edge.Node.Direct, row, marks))
            {
                return false;
            }
        }

        return true;
    }

    private bool FitsAny(Node node, Row* row, int marks)
    {
        if (node.AnyOfBy is not null && row->Kind == JsonKind.Object)
        {
            return FitsDiscriminated(node.AnyOfBy, row, marks);
        }

        var any = false;
        foreach (var branch in node.AnyOf)
        {
            any |= EvaluateBranch(branch, row, marks);
            if ((any && marks == NoMarks) || _steps < 0)
            {
                return any;
            }
        }

        return any;
    }

    private bool FitsOne(Node node, Row* row, int marks)
    {
        if (node.OneOfBy is not null && row->Kind == JsonKind.Object)
        {
            return FitsDiscriminated(node.OneOfBy, row, marks);
        }

        var one = false;
        foreach (var branch in node.OneOf)
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

    /// <summary>Every branch requires the member with values of its own: no other branch than the one its value names can fit.</summary>
    private bool FitsDiscriminated(Discriminator discriminator, Row* row, int marks)
    {
        var end = _rows + row->Next;
        for (var name = row + 1; name < end; name = After(name + 1))
        {
            if (name->Hash != discriminator.Hash || !_view.Name(IndexOf(name)).SequenceEqual(discriminator.Name))
            {
                continue;
            }

            var value = name + 1;
            if (value->Kind != JsonKind.String)
            {
                return false;
            }

            var text = Text(value);
            var number = discriminator.Values.Find(NameHash.Compute(text), text);
            return number >= 0 && Evaluate(discriminator.Branches[number], row, marks);
        }

        return false;
    }

    private bool FitsCondition(Node node, Row* row, int marks)
    {
        if (node.Then is null && node.Else is null && marks == NoMarks)
        {
            return true;
        }

        var chosen = EvaluateBranch(node.If!, row, marks) ? node.Then : node.Else;
        return chosen is null || Evaluate(chosen.Direct, row, marks);
    }

    /// <summary>A node whose failure is not yet a failure of the whole: its marks count only when it succeeds.</summary>
    private bool EvaluateBranch(Node branch, Row* row, int marks)
    {
        var direct = branch.Direct;
        if (marks == NoMarks || !direct.Marks)
        {
            return Evaluate(direct, row, NoMarks);
        }

        var count = row->Length;
        _steps -= count >> 6;
        var own = _marks.Push(count);
        var fits = Evaluate(direct, row, own);
        if (fits)
        {
            _marks.Union(marks, own, count);
        }

        _marks.Pop(own);
        return fits;
    }
}
