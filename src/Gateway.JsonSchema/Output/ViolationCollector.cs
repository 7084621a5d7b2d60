using Gateway.JsonSchema.Compiler;
using Gateway.JsonSchema.Evaluator;
using Gateway.JsonSchema.Plans;
using Gateway.JsonSchema.Tape;

namespace Gateway.JsonSchema.Output;

/// <summary>
/// The collecting pass, run only over instances that failed: takes no short cuts and notes every violation with its places. Whether a branch of
/// <c>anyOf</c>, <c>oneOf</c>, <c>not</c>, <c>if</c> or <c>contains</c> fits is asked of the fast pass; only a branch that is to blame is collected.
/// </summary>
internal ref partial struct ViolationCollector
{
    private const int NoMarks = FastEvaluator.NoMarks;
    private const int DepthOfQuestions = 12;

    // A member name may be as long as the document: a hundred violations below it would repeat it a hundred times.
    private const int MaxCharacters = 250_000;

    private readonly KeywordPath _path;
    private readonly List<Violation> _violations;
    private readonly int _maximum;
    private FastEvaluator _fast;
    private int _characters;
    private bool _truncated;

    public ViolationCollector(FastEvaluator fast, Scratch scratch, int maximum)
    {
        _fast = fast;
        (_path, _violations) = (scratch.Path, scratch.Violations);
        _maximum = Math.Max(1, maximum);
    }

    public Verdict Collect(Node root)
    {
        Visit(root, 0, NoMarks);
        return _fast.GaveUp ? Verdict.BudgetExceeded : Verdict.Invalid([.. _violations], _truncated);
    }

    private void Visit(Node node, int row, int marks)
    {
        if (_truncated || node.IsTrue || !_fast.Enter())
        {
            return;
        }

        if (node.IsFalse)
        {
            Add(node, row, null, "No value is allowed here.");
            _fast.Leave();
            return;
        }

        VisitValue(node, row);
        switch (_fast.View.Rows[row].Kind)
        {
            case JsonKind.Array:
                VisitContainer(node, row, marks, node.Arrays?.Unevaluated, Keyword.UnevaluatedItems);
                break;
            case JsonKind.Object:
                VisitContainer(node, row, marks, node.Objects?.Unevaluated, Keyword.UnevaluatedProperties);
                break;
            default:
                VisitCombinations(node, row, NoMarks);
                break;
        }

        _fast.Leave();
    }

    private void VisitContainer(Node node, int row, int marks, Node? unevaluated, Keyword keyword)
    {
        var count = _fast.View.Rows[row].Length;
        var own = unevaluated is null ? marks : _fast.Marks.Push(count);
        if (node.Arrays is { } arrays && keyword == Keyword.UnevaluatedItems)
        {
            VisitArray(node, arrays, row, own);
        }
        else if (node.Objects is { } objects && keyword == Keyword.UnevaluatedProperties)
        {
            VisitObject(node, objects, row, own);
        }

        VisitCombinations(node, row, own);
        if (unevaluated is null)
        {
            return;
        }

        VisitUnevaluated(unevaluated, row, own, keyword);
        _fast.Marks.Pop(own);
        if (marks != NoMarks)
        {
            _fast.Marks.SetAll(marks, count);
        }
    }

    // What a failed subschema has looked at counts as seen here, or one mistake would be reported once more for every member around it.
    private void VisitUnevaluated(Node unevaluated, int row, int marks, Keyword keyword)
    {
        var view = _fast.View;
        var isObject = view.Rows[row].Kind == JsonKind.Object;
        var index = 0;
        for (var child = row + 1; child < view.Rows[row].Next; index++)
        {
            var value = isObject ? child + 1 : child;
            if (!_fast.Marks.Has(marks, index))
            {
                VisitAt(unevaluated, value, NoMarks, keyword);
            }

            child = view.After(value);
        }
    }

    private void VisitCombinations(Node node, int row, int marks)
    {
        foreach (var edge in node.All)
        {
            VisitAt(edge.Node, row, marks, edge.Keyword, edge.Index);
        }

        VisitAny(node, row, marks);
        VisitOne(node, row, marks);
        if (node.Not is not null && _fast.Evaluate(node.Not, row))
        {
            Add(node, row, Keyword.Not, "The value fits a schema it must not fit.");
        }

        if (node.If is null)
        {
            return;
        }

        var (chosen, keyword) = _fast.EvaluateBranch(node.If, row, marks) ? (node.Then, Keyword.Then) : (node.Else, Keyword.Else);
        if (chosen is not null)
        {
            VisitAt(chosen, row, marks, keyword);
        }
    }

    private void VisitAny(Node node, int row, int marks)
    {
        var any = node.AnyOf.Length == 0;
        foreach (var branch in node.AnyOf)
        {
            any |= _fast.EvaluateBranch(branch, row, marks);
        }

        if (!any)
        {
            Add(node, row, Keyword.AnyOf, "The value fits none of the alternatives.");
            VisitBranches(node.AnyOf, row, marks, Keyword.AnyOf);
        }
    }

    private void VisitOne(Node node, int row, int marks)
    {
        var fitting = 0;
        foreach (var branch in node.OneOf)
        {
            fitting += _fast.EvaluateBranch(branch, row, marks) ? 1 : 0;
        }

        if (fitting > 1)
        {
            Add(node, row, Keyword.OneOf, $"The value fits {fitting} of the alternatives; exactly one is expected.");
        }
        else if (fitting == 0 && node.OneOf.Length > 0)
        {
            Add(node, row, Keyword.OneOf, "The value fits none of the alternatives; exactly one is expected.");
            VisitBranches(node.OneOf, row, marks, Keyword.OneOf);
        }
    }

    private void VisitBranches(Node[] branches, int row, int marks, Keyword keyword)
    {
        for (var i = 0; i < branches.Length; i++)
        {
            VisitAt(branches[i], row, marks, keyword, i);
        }
    }

    private void VisitAt(Node node, int row, int marks, Keyword keyword, int index = -1, byte[]? key = null)
    {
        // What fits needs no closer look. Deep down it costs less to look at everything than to ask again on every level.
        if (_truncated || (_path.Depth < DepthOfQuestions && _fast.EvaluateBranch(node, row, marks)))
        {
            return;
        }

        _path.Push(keyword, index, key);
        Visit(node, row, marks);
        _path.Pop();
    }

    private void Add(Node node, int row, Keyword? keyword, string message)
    {
        if (_violations.Count == _maximum || _characters > MaxCharacters)
        {
            _truncated = true;
            return;
        }

        var violation = new Violation(
            _path.InstanceLocation(_fast.View, row), _path.Location(keyword), _path.AbsoluteLocation(node, keyword), message);
        _characters += violation.InstanceLocation.Length + violation.KeywordLocation.Length + (violation.AbsoluteKeywordLocation?.Length ?? 0);
        _violations.Add(violation);
    }
}
