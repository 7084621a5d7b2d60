using System.Diagnostics;
using Gateway.JsonSchema.Patterns.Syntax;
using Gateway.JsonSchema.Patterns.Unicode;

namespace Gateway.JsonSchema.Patterns.Backtracking;

/// <summary>
/// One search of one string by trying one way after another, as ECMA-262 section 22.2.2 defines it: registers hold captures and loop
/// counts, and a trail of earlier register values and open ways is taken back where a way fails.
/// </summary>
internal ref struct BacktrackingSearch
{
    /// <summary>Longest trail; beyond it the search is given up like one that takes too long.</summary>
    private const int MaxTrail = 1 << 20;

    /// <summary>How many steps pass between two looks at the clock.</summary>
    private const int StepsBetweenLooks = 1 << 10;

    private const int Unset = -1;
    private const int Failed = -1;

    private readonly BacktrackingProgram _program;
    private readonly ReadOnlySpan<byte> _utf8;
    private readonly long _started;
    private readonly TimeSpan _limit;
    private readonly int[] _registers;
    private Entry[] _trail;
    private int _trailCount;

    internal BacktrackingSearch(BacktrackingProgram program, ReadOnlySpan<byte> utf8, TimeSpan limit)
    {
        _program = program;
        _utf8 = utf8;
        _limit = limit;
        _started = Stopwatch.GetTimestamp();
        _registers = new int[program.Registers];
        _trail = new Entry[64];
    }

    /// <summary>Whether the search was given up; its other answers then mean nothing.</summary>
    internal bool IsGivenUp { get; private set; }

    /// <summary>How many instructions were executed.</summary>
    internal long Steps { get; private set; }

    internal PatternMatch Run()
    {
        for (var start = 0; ; start += Utf8.LengthFrom(_utf8[start]))
        {
            Array.Fill(_registers, Unset);
            _trailCount = 0;
            if (Follow(0, start))
            {
                return PatternMatch.Match;
            }

            if (IsGivenUp || start == _utf8.Length)
            {
                return IsGivenUp ? PatternMatch.Undecided : PatternMatch.NoMatch;
            }
        }
    }

    /// <summary>Tries all ways from an instruction on; what was captured stays in the registers when one of them is accepted.</summary>
    private bool Follow(int instruction, int place)
    {
        var floor = _trailCount;
        while (!IsGivenUp)
        {
            CheckLimits();
            var current = _program.Instructions[instruction];
            if (current.Kind == OperationKind.Accept)
            {
                return true;
            }

            instruction = Execute(current, instruction, ref place);
            if (instruction == Failed && !TryTakeBack(floor, out instruction, out place))
            {
                return false;
            }
        }

        return false;
    }

    /// <summary>Executes one instruction; answers the next one, or <see cref="Failed"/>.</summary>
    private int Execute(in Instruction current, int number, ref int place)
    {
        switch (current.Kind)
        {
            case OperationKind.Consume:
                return Consume(_program.Sets[current.A], current.Backward, ref place) ? number + 1 : Failed;
            case OperationKind.Fork:
                Push(new Entry(Entry.OpenWay, current.B, place));
                return current.A;
            case OperationKind.Jump:
                return current.A;
            case OperationKind.Save:
                Write(current.A, place);
                return number + 1;
            case OperationKind.BeginLoop:
                Write(_program.Loops[current.A].Count, 0);
                Write(_program.Loops[current.A].LastPlace, Unset);
                return number + 1;
            case OperationKind.NextRound:
                return NextRound(_program.Loops[current.A], number + 1, current.B, place);
            case OperationKind.Anchor:
                return Holds((AnchorKind)current.A, place) ? number + 1 : Failed;
            case OperationKind.BackReference:
                return Repeats(current.A, current.Backward, ref place) ? number + 1 : Failed;
            case OperationKind.Look:
                return Look(number + 1, place) == (current.A == 0) ? current.B : Failed;
            default:
                throw new UnreachableException();
        }
    }

    private int NextRound(in Loop loop, int body, int exit, int place)
    {
        var count = _registers[loop.Count];
        if (count > loop.Min && place == _registers[loop.LastPlace])
        {
            // A round that was not required and consumed nothing is no round (RepeatMatcher, step 2.b).
            return Failed;
        }

        if (count >= loop.Max)
        {
            return exit;
        }

        if (count >= loop.Min)
        {
            if (loop.Lazy)
            {
                Push(new Entry(Entry.OpenRound, body - 1, place));
                return exit;
            }

            Push(new Entry(Entry.OpenWay, exit, place));
        }

        BeginRound(loop, place);
        return body;
    }

    private void BeginRound(in Loop loop, int place)
    {
        Write(loop.Count, _registers[loop.Count] + 1);
        Write(loop.LastPlace, place);
        for (var register = loop.FirstForgotten; register <= loop.LastForgotten; register++)
        {
            Write(register, Unset);
        }
    }

    private bool Look(int body, int place)
    {
        var before = _trailCount;
        var found = Follow(body, place);
        var negative = _program.Instructions[body - 1].A == 1;
        if (found && negative)
        {
            TakeBackTo(before);
        }
        else if (found)
        {
            DropOpenWays(before);
        }

        return found;
    }

    private readonly bool Consume(CodePointSet set, bool backward, ref int place)
    {
        if (place == (backward ? 0 : _utf8.Length))
        {
            return false;
        }

        return set.Contains(backward ? Utf8.ReadBackward(_utf8, ref place) : Utf8.ReadForward(_utf8, ref place));
    }

    private readonly bool Repeats(int group, bool backward, ref int place)
    {
        var (first, end) = (_registers[2 * group], _registers[2 * group + 1]);
        if (first == Unset || end == Unset)
        {
            return true;
        }

        var captured = _utf8[first..end];
        var fits = backward ? _utf8[..place].EndsWith(captured) : _utf8[place..].StartsWith(captured);
        place += backward ? -captured.Length : captured.Length;
        return fits;
    }

    private readonly bool Holds(AnchorKind kind, int place) => kind switch
    {
        AnchorKind.Start => place == 0,
        AnchorKind.End => place == _utf8.Length,
        _ => (IsWordAt(place - 1) != IsWordAt(place)) == (kind == AnchorKind.WordBoundary),
    };

    private readonly bool IsWordAt(int place) =>
        place >= 0 && place < _utf8.Length && (char.IsAsciiLetterOrDigit((char)_utf8[place]) || _utf8[place] == '_');

    private void Write(int register, int value)
    {
        if (_registers[register] != value)
        {
            Push(new Entry(register, _registers[register], 0));
            _registers[register] = value;
        }
    }

    private void Push(Entry entry)
    {
        if (_trailCount == _trail.Length)
        {
            Array.Resize(ref _trail, _trail.Length * 2);
        }

        _trail[_trailCount++] = entry;
    }

    private bool TryTakeBack(int floor, out int instruction, out int place)
    {
        while (_trailCount > floor)
        {
            var (kind, value, at) = _trail[--_trailCount];
            if (kind >= 0)
            {
                _registers[kind] = value;
                continue;
            }

            (instruction, place) = (value, at);
            if (kind == Entry.OpenRound)
            {
                BeginRound(_program.Loops[_program.Instructions[value].A], at);
                instruction++;
            }

            return true;
        }

        (instruction, place) = (Failed, 0);
        return false;
    }

    private void TakeBackTo(int floor)
    {
        while (_trailCount > floor)
        {
            var (kind, value, _) = _trail[--_trailCount];
            if (kind >= 0)
            {
                _registers[kind] = value;
            }
        }
    }

    /// <summary>A look-around that has matched is not tried in other ways, but what it captured must still be taken back later.</summary>
    private void DropOpenWays(int floor)
    {
        var kept = floor;
        for (var i = floor; i < _trailCount; i++)
        {
            if (_trail[i].Kind >= 0)
            {
                _trail[kept++] = _trail[i];
            }
        }

        _trailCount = kept;
    }

    private void CheckLimits() =>
        IsGivenUp |= _trailCount > MaxTrail
            || (++Steps % StepsBetweenLooks == 0 && Stopwatch.GetElapsedTime(_started) >= _limit);

    /// <summary>An earlier register value (<paramref name="Kind"/> is the register) or a way still open.</summary>
    private readonly record struct Entry(int Kind, int Value, int Place)
    {
        internal const int OpenWay = -1;
        internal const int OpenRound = -2;
    }
}
