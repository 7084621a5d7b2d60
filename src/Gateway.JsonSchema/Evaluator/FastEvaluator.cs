using System.Runtime.CompilerServices;
using Gateway.JsonSchema.Plans;
using Gateway.JsonSchema.Tape;

namespace Gateway.JsonSchema.Evaluator;

/// <summary>
/// The fast pass: walks graph and tape together by the nodes' plans, stops at the first failure and keeps no record of it. Sets of evaluated members
/// are kept only below a node that asks for them. It works on pinned rows and bytes: the tape's builder guarantees where rows begin and end.
/// </summary>
internal unsafe ref partial struct FastEvaluator
{
    /// <summary>Stands for "nobody asks which members were evaluated".</summary>
    public const int NoMarks = -1;

    // How often the remaining stack is measured, in levels; a power of two.
    private const int StackCheckInterval = 32;

    // A search costs something before its first byte.
    private const int ScanSteps = 16;

    // As a power of two, the bytes whose code points are counted in a step.
    private const int CountedBytes = 6;

    private readonly byte* _bytes;
    private readonly Row* _rows;
    private readonly JsonView _view;
    private readonly Scratch _scratch;
    private readonly MarkStack _marks;
    private long _steps;
    private int _depth;
    private bool _undecided;

    /// <param name="text">The tape's copy of the instance; pinned by the caller for the life of the evaluator.</param>
    /// <param name="rows">The rows of its tape; pinned likewise.</param>
    /// <param name="scratch">The tape, and room to work.</param>
    /// <param name="steps">The budget.</param>
    public FastEvaluator(byte* text, Row* rows, Scratch scratch, long steps)
    {
        var tape = scratch.Tape;
        _bytes = text;
        _rows = rows;
        _view = new JsonView(new ReadOnlySpan<byte>(text, tape.TextLength), new ReadOnlySpan<Row>(rows, tape.Count), tape.Side.AsSpan(0, tape.SideCount));
        (_scratch, _marks, _steps) = (scratch, scratch.Marks, steps);
    }

    /// <summary>Whether the last answers mean nothing: no steps or no stack left, or a pattern could not be decided.</summary>
    public readonly bool GaveUp => _steps < 0 || _undecided;

    /// <summary>What is left of the budget; below zero by no more than what one look at a value costs.</summary>
    public readonly long StepsLeft => _steps;

    public readonly JsonView View => _view;

    public readonly MarkStack Marks => _marks;

    /// <summary>Whether the value at a row fits. Meaningless when <see cref="GaveUp"/> is set afterwards.</summary>
    public bool Evaluate(Node node, int row) => Evaluate(node.Direct, _rows + row, NoMarks);

    /// <summary>The same, adding to a set of marks only when the value fits.</summary>
    public bool EvaluateBranch(Node node, int row, int marks) => EvaluateBranch(node, _rows + row, marks);

    /// <summary>Counts a visit of the collecting pass; <see langword="false"/> when steps or stack have run out.</summary>
    public bool Enter()
    {
        CheckStack();
        return --_steps >= 0;
    }

    public void Leave() => _depth--;

    public int FindRepeatedItem(int row) => UniqueItems.FindRepeated(_view, row, ref _steps);

    private bool Evaluate(Node node, Row* row, int marks)
    {
        if (--_steps < 0)
        {
            return false;
        }

        if (((int)node.Accepts >> (int)row->Kind & 1) != 0)
        {
            return true;
        }

        if (!FitsType(node, row))
        {
            return false;
        }

        // A whole number has a type of its own: it may be of the type and still be none of the kinds that fit as they are.
        return node.Plan switch
        {
            Plan.Members => row->Kind != JsonKind.Object || FitsObject(node.Objects!, row, marks),
            Plan.Items => row->Kind != JsonKind.Array || FitsArray(node.Arrays!, row, marks),
            Plan.Text => row->Kind == JsonKind.Number || FitsString(node.Strings!, row),
            Plan.Listed => IsIn((node.Const ?? node.Enum)!, row),
            Plan.Number => FitsNumber(node.Numbers!, row),
            Plan.Scalar => FitsScalar(node, row),
            Plan.TypeOnly => true,
            _ => FitsGeneral(node, row, marks),
        };
    }

    private bool FitsGeneral(Node node, Row* row, int marks)
    {
        if (!FitsScalar(node, row))
        {
            return false;
        }

        return row->Kind switch
        {
            JsonKind.Array => FitsContainer(node, row, marks, node.Arrays?.Unevaluated),
            JsonKind.Object => FitsContainer(node, row, marks, node.Objects?.Unevaluated),
            _ => !node.Combines || FitsCombinations(node, row, NoMarks),
        };
    }

    private void CheckStack()
    {
        if ((++_depth & (StackCheckInterval - 1)) == 0 && !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            _steps = -1;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly Row* After(Row* row) => row->Kind is JsonKind.Array or JsonKind.Object ? _rows + row->Next : row + 1;

    private readonly int IndexOf(Row* row) => (int)(row - _rows);
}
