namespace Gateway.JsonSchema.Patterns.Linear;

/// <summary>A pattern without look-around: one pass over the bytes, no allocation once its states are known.</summary>
internal sealed class LinearPattern(LazyAutomaton automaton, CharacterClasses classes) : Pattern
{
    internal override int Scans => 2;

    internal override PatternMatch IsMatch(ReadOnlySpan<byte> utf8, ref long budget)
    {
        var state = automaton.Initial;
        var ascii = classes.Ascii;
        for (var at = 0; at < utf8.Length;)
        {
            int first = utf8[at];
            int symbol;
            if (first < ascii.Length)
            {
                symbol = ascii[first];
                at++;
            }
            else
            {
                // A place whose address were taken would live in memory for the whole loop.
                var place = at;
                symbol = classes.ReadForward(utf8, ref place);
                at = place;
            }

            // A final state leads nowhere: its row is empty.
            var row = state.Next;
            if (symbol >= row.Length)
            {
                break;
            }

            var next = row[symbol];
            if (next is null)
            {
                next = automaton.Step(state, symbol, ref budget);
                if (budget < 0)
                {
                    return PatternMatch.Undecided;
                }
            }

            state = next;
        }

        if (!state.IsFinal)
        {
            state = state.Next[automaton.EndSymbol] ?? automaton.Step(state, automaton.EndSymbol, ref budget);
        }

        return state.Accepted ? PatternMatch.Match : PatternMatch.NoMatch;
    }
}
