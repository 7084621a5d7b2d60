using System.Runtime.CompilerServices;
using Gateway.JsonSchema.Patterns.Unicode;

namespace Gateway.JsonSchema.Patterns.Linear;

/// <summary>
/// Runs an automaton deterministically: the sets of nodes it can be in become states when they are first reached, and stay, so that a
/// known step is one array read. New states are made under a lock; reading needs none, for a state is complete before it is linked.
/// </summary>
internal sealed class LazyAutomaton
{
    /// <summary>Room for the states of one automaton, in eight-byte cells; beyond it, the states are forgotten and made anew.</summary>
    private const int MaxCells = 1 << 16;

    /// <summary>What a step costs beyond the nodes it visits, and what a new state costs beyond its size, in visited nodes.</summary>
    private const int WorkOfStep = 16;
    private const int WorkOfState = 64;

    /// <summary>A pattern's first search makes most states: it must not wait for the runtime to find out that making them is hot.</summary>
    private const MethodImplOptions Cold = MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization;

    private readonly Automaton _automaton;
    private readonly ulong[] _wordClasses;
    private readonly bool _everyPlace;
    private readonly Lock _gate = new();
    private StateCache _cache;

    // Borrowed for one step, under the lock.
    private NodeSet _here;
    private NodeSet _after;

    /// <param name="automaton">What to run. A match may begin at any place.</param>
    /// <param name="classes">The classes that its sets are made of.</param>
    /// <param name="everyPlace">Whether every place where a match ends is asked for, or only whether there is one.</param>
    internal LazyAutomaton(Automaton automaton, CharacterClasses classes, bool everyPlace)
    {
        (_automaton, _everyPlace, EndSymbol) = (automaton, everyPlace, classes.Count);
        _wordClasses = automaton.AsksForWords ? classes.Within(UnicodeProperties.Word) : new ulong[(classes.Count + 63) / 64];
        LookColumns = Columns(automaton.LookMask);
        Symbols = (classes.Count + 1) * (LookColumns.Max() + 1);
        (_here, _after) = NodeSet.Borrow(automaton.Nodes.Length);
        _cache = new StateCache();
        Start(_cache);
    }

    /// <summary>The state before the first code point.</summary>
    internal State Initial => Volatile.Read(ref _cache).Initial!;

    /// <summary>The symbol that stands for the end of the scan; the classes are the symbols below it.</summary>
    internal int EndSymbol { get; }

    /// <summary>How many symbols there are: classes and end, for each combination of the look-arounds asked about.</summary>
    internal int Symbols { get; }

    /// <summary>For each combination of look-arounds that hold, the offset of its symbols in units of <see cref="EndSymbol"/> + 1.</summary>
    internal byte[] LookColumns { get; }

    /// <summary>Makes the step that is not yet known.</summary>
    /// <param name="from">The state to step from.</param>
    /// <param name="symbol">The symbol to step over.</param>
    /// <param name="budget">Falls by what the step cost, in visited nodes.</param>
    [MethodImpl(Cold)]
    internal State Step(State from, int symbol, ref long budget)
    {
        lock (_gate)
        {
            if (from.Next[symbol] is { } known)
            {
                return known;
            }

            (_here, _after) = NodeSet.Borrow(_automaton.Nodes.Length);
            var accepted = ResolveHere(from, symbol);
            budget -= WorkOfStep + _here.Visited + _here.Words.Length / 4;
            var target = accepted && !_everyPlace ? State.Matched : Advance(symbol, accepted, ref budget);
            return from.Next[symbol] = target;
        }
    }

    [MethodImpl(Cold)]
    private State Advance(int symbol, bool accepted, ref long budget)
    {
        var characterClass = symbol % (EndSymbol + 1);
        var isEnd = characterClass == EndSymbol;
        var matched = ConsumeAndClose(characterClass);
        budget -= _after.Visited;
        if (!_everyPlace && (matched || (_after.IsEmpty && !accepted)))
        {
            return matched ? State.Matched : State.Failed;
        }

        var afterWord = !isEnd && IsWord(characterClass);
        if (_cache.TryFind(_after.Words, afterWord, accepted, out var state))
        {
            return state;
        }

        budget -= WorkOfState + Symbols / 8;
        var cache = _cache.HasRoomFor(Symbols + _after.Words.Length, MaxCells) ? _cache : Restart();
        return cache.Add(new State(_after.Words.ToArray(), Symbols)
        {
            AfterWord = afterWord,
            Accepted = accepted,
            HasConditions = HasConditions(_after.Kept),
        });
    }

    /// <summary>Lets the nodes that are here consume a code point of the class; answers whether a match ends after it without condition.</summary>
    [MethodImpl(Cold)]
    private bool ConsumeAndClose(int characterClass)
    {
        _after.Clear();
        if (characterClass == EndSymbol)
        {
            return false;
        }

        foreach (var node in _here.Kept)
        {
            var (_, next, set) = _automaton.Nodes[node];
            if ((_automaton.Sets[set][characterClass >> 6] >> characterClass & 1) != 0)
            {
                _after.Push(next);
            }
        }

        // A match may begin at any place.
        _after.Push(_automaton.Start);
        return Close(_after, isFirst: false);
    }

    /// <summary>Finds the consuming nodes that are reached here once the next symbol is known; answers whether a match ends here.</summary>
    [MethodImpl(Cold)]
    private bool ResolveHere(State from, int symbol)
    {
        var (look, characterClass) = Math.DivRem(symbol, EndSymbol + 1);
        var atEnd = characterClass == EndSymbol;
        var atBoundary = from.AfterWord != (!atEnd && IsWord(characterClass));
        var accepted = false;
        _here.Clear();
        if (!from.HasConditions)
        {
            _here.KeepAll(from.Nodes);
            return false;
        }

        _here.PushAll(from.Nodes);
        while (_here.TryPop(out var number))
        {
            var (kind, next, other) = _automaton.Nodes[number];
            switch (kind)
            {
                case NodeKind.Consume:
                    _here.Keep(number);
                    break;
                case NodeKind.Fork:
                    _here.Push(next);
                    _here.Push(other);
                    break;
                case NodeKind.Accept:
                    accepted = true;
                    break;
                default:
                    if (Holds(kind, other, from.AtStart, atEnd, atBoundary, look))
                    {
                        _here.Push(next);
                    }

                    break;
            }
        }

        return accepted;
    }

    private bool Holds(NodeKind kind, int number, bool atStart, bool atEnd, bool atBoundary, int look) => kind switch
    {
        NodeKind.AtStart => atStart,
        NodeKind.AtEnd => atEnd,
        NodeKind.WordBoundary => atBoundary,
        NodeKind.NotWordBoundary => !atBoundary,
        _ => (look >> System.Numerics.BitOperations.PopCount((uint)(_automaton.LookMask & ((1 << number) - 1))) & 1) != 0 == (kind == NodeKind.LookHolds),
    };

    /// <summary>Follows what needs no condition and keeps the rest; answers whether a match ends here without condition.</summary>
    [MethodImpl(Cold)]
    private bool Close(NodeSet set, bool isFirst)
    {
        var accepted = false;
        while (set.TryPop(out var number))
        {
            var (kind, next, other) = _automaton.Nodes[number];
            switch (kind)
            {
                case NodeKind.Fork:
                    set.Push(next);
                    set.Push(other);
                    break;
                case NodeKind.AtStart when !isFirst:
                    break;
                default:
                    accepted |= kind == NodeKind.Accept;
                    set.Keep(number);
                    break;
            }
        }

        return accepted;
    }

    private StateCache Restart()
    {
        var cache = new StateCache();
        var (words, kept) = (_after.Words.ToArray(), _after.Kept.ToArray());
        Start(cache);
        _after.Restore(words, kept);
        Volatile.Write(ref _cache, cache);
        return cache;
    }

    private void Start(StateCache cache)
    {
        _after.Clear();
        _after.Push(_automaton.Start);
        Close(_after, isFirst: true);
        cache.Initial = new State(_after.Words.ToArray(), Symbols) { AtStart = true, HasConditions = true };
    }

    private bool HasConditions(ReadOnlySpan<int> nodes)
    {
        foreach (var node in nodes)
        {
            if (_automaton.Nodes[node].Kind != NodeKind.Consume)
            {
                return true;
            }
        }

        return false;
    }

    private bool IsWord(int characterClass) => (_wordClasses[characterClass >> 6] >> characterClass & 1) != 0;

    private static byte[] Columns(byte mask)
    {
        var columns = new byte[mask == 0 ? 1 : 256];
        for (var marks = 0; marks < columns.Length; marks++)
        {
            var bit = 0;
            for (var number = 0; number < 8; number++)
            {
                if ((mask >> number & 1) != 0)
                {
                    columns[marks] |= (byte)((marks >> number & 1) << bit++);
                }
            }
        }

        return columns;
    }
}
