namespace Gateway.JsonSchema.Patterns.Linear;

/// <summary>A pattern without look-around: one pass over the bytes, no allocation once its states are known.</summary>
internal sealed class LinearPattern(LazyAutomaton automaton, CharacterClasses classes) : Pattern
{
    /// <summary>
    /// Longest search of one string, in nodes visited to make states that were not known; some tens of milliseconds. Steps over
    /// known states are not counted, they cost about as much as reading the bytes.
    /// </summary>
    internal const long MaxWork = 4_000_000;

    internal override PatternMatch IsMatch(ReadOnlySpan<byte> utf8)
    {
        var state = automaton.Initial;
        long work = 0;
        for (var at = 0; at < utf8.Length && !state.IsFinal;)
        {
            var symbol = classes.ReadForward(utf8, ref at);
            var next = state.Next[symbol];
            if (next is null)
            {
                next = automaton.Step(state, symbol, ref work);
                if (work > MaxWork)
                {
                    return PatternMatch.Undecided;
                }
            }

            state = next;
        }

        if (!state.IsFinal)
        {
            state = state.Next[automaton.EndSymbol] ?? automaton.Step(state, automaton.EndSymbol, ref work);
        }

        return state.Accepted ? PatternMatch.Match : PatternMatch.NoMatch;
    }
}
