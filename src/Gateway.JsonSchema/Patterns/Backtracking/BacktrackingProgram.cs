using System.Diagnostics;
using Gateway.JsonSchema.Patterns.Syntax;
using Gateway.JsonSchema.Patterns.Unicode;

namespace Gateway.JsonSchema.Patterns.Backtracking;

/// <summary>A pattern as instructions for <see cref="BacktrackingSearch"/>; as large as the pattern, for loops are counted and not written out.</summary>
internal sealed class BacktrackingProgram
{
    private readonly List<Instruction> _instructions = [];
    private readonly List<CodePointSet> _sets = [];
    private readonly List<Loop> _loops = [];

    internal BacktrackingProgram(ParseResult.Parsed pattern)
    {
        // Register 2n and 2n + 1 hold where group n begins and ends; the loops' registers follow.
        Registers = 2 * (pattern.Groups + 1);
        Add(pattern.Root, backward: false);
        Emit(OperationKind.Accept, 0, 0, backward: false);
        Instructions = [.. _instructions];
        Sets = [.. _sets];
        Loops = [.. _loops];
    }

    internal Instruction[] Instructions { get; }

    internal CodePointSet[] Sets { get; }

    internal Loop[] Loops { get; }

    internal int Registers { get; private set; }

    private void Add(PatternNode node, bool backward)
    {
        switch (node)
        {
            case PatternNode.Empty:
                break;
            case PatternNode.OneOf one:
                _sets.Add(one.Set);
                Emit(OperationKind.Consume, _sets.Count - 1, 0, backward);
                break;
            case PatternNode.Sequence sequence:
                foreach (var part in backward ? sequence.Parts.Reverse() : sequence.Parts)
                {
                    Add(part, backward);
                }

                break;
            case PatternNode.Choice choice:
                AddChoice(choice, backward);
                break;
            case PatternNode.Repeat repeat:
                AddRepeat(repeat, backward);
                break;
            case PatternNode.Group group:
                Emit(OperationKind.Save, 2 * group.Number + (backward ? 1 : 0), 0, backward);
                Add(group.Body, backward);
                Emit(OperationKind.Save, 2 * group.Number + (backward ? 0 : 1), 0, backward);
                break;
            case PatternNode.Anchor anchor:
                Emit(OperationKind.Anchor, (int)anchor.Kind, 0, backward);
                break;
            case PatternNode.BackReference reference:
                Emit(OperationKind.BackReference, reference.Target, 0, backward);
                break;
            case PatternNode.Look look:
                var head = Emit(OperationKind.Look, look.Negative ? 1 : 0, 0, backward);
                Add(look.Body, look.Behind);
                Emit(OperationKind.Accept, 0, 0, backward);
                Aim(head);
                break;
            default:
                throw new UnreachableException();
        }
    }

    private void AddChoice(PatternNode.Choice choice, bool backward)
    {
        var exits = new List<int>();
        for (var i = 0; i < choice.Branches.Length - 1; i++)
        {
            var fork = Emit(OperationKind.Fork, _instructions.Count + 1, 0, backward);
            Add(choice.Branches[i], backward);
            exits.Add(Emit(OperationKind.Jump, 0, 0, backward));
            Aim(fork);
        }

        Add(choice.Branches[^1], backward);
        foreach (var exit in exits)
        {
            _instructions[exit] = _instructions[exit] with { A = _instructions.Count };
        }
    }

    private void AddRepeat(PatternNode.Repeat repeat, bool backward)
    {
        var loop = _loops.Count;
        _loops.Add(new Loop(
            repeat.Min, repeat.Max, repeat.Lazy, Registers, Registers + 1, 2 * repeat.FirstGroup, 2 * repeat.LastGroup + 1));
        Registers += 2;
        Emit(OperationKind.BeginLoop, loop, 0, backward);
        var round = Emit(OperationKind.NextRound, loop, 0, backward);
        Add(repeat.Body, backward);
        Emit(OperationKind.Jump, round, 0, backward);
        Aim(round);
    }

    private int Emit(OperationKind kind, int a, int b, bool backward)
    {
        _instructions.Add(new Instruction(kind, a, b, backward));
        return _instructions.Count - 1;
    }

    /// <summary>Lets the second target of an instruction be the one that comes next.</summary>
    private void Aim(int instruction) => _instructions[instruction] = _instructions[instruction] with { B = _instructions.Count };
}
