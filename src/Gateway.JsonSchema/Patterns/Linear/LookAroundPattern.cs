using System.Buffers;

namespace Gateway.JsonSchema.Patterns.Linear;

/// <summary>
/// A pattern with look-around anywhere in it, still linear: each look-around is decided for every place of the string in a scan of its
/// own, inner ones first; then the pattern itself is run with these answers as part of its input.
/// </summary>
internal sealed class LookAroundPattern(LookScan[] looks, LazyAutomaton automaton, CharacterClasses classes) : Pattern
{
    /// <summary>The answers for one place are the bits of one byte.</summary>
    internal const int MaxLooks = 8;

    internal override int Scans { get; } = 2 * (looks.Length + 1);

    internal override PatternMatch IsMatch(ReadOnlySpan<byte> utf8, ref long budget)
    {
        var rented = ArrayPool<byte>.Shared.Rent(utf8.Length + 1);
        var marks = rented.AsSpan(0, utf8.Length + 1);
        marks.Clear();
        var decided = true;
        for (var number = 0; number < looks.Length && decided; number++)
        {
            decided = Mark(looks[number], (byte)(1 << number), utf8, marks, ref budget);
        }

        var match = decided ? Run(utf8, marks, ref budget) : PatternMatch.Undecided;
        ArrayPool<byte>.Shared.Return(rented);
        return match;
    }

    private bool Mark(LookScan look, byte bit, ReadOnlySpan<byte> utf8, Span<byte> marks, ref long budget)
    {
        var state = look.Automaton.Initial;
        var last = look.Backward ? 0 : utf8.Length;
        for (var at = look.Backward ? utf8.Length : 0; ;)
        {
            var place = at;
            var symbol = place == last ? look.Automaton.EndSymbol
                : look.Backward ? classes.ReadBackward(utf8, ref at)
                : classes.ReadForward(utf8, ref at);
            state = Step(look.Automaton, state, symbol, marks[place], ref budget);
            if (state.Accepted)
            {
                marks[place] |= bit;
            }

            if (place == last || budget < 0)
            {
                return place == last;
            }
        }
    }

    private PatternMatch Run(ReadOnlySpan<byte> utf8, ReadOnlySpan<byte> marks, ref long budget)
    {
        var state = automaton.Initial;
        for (var at = 0; ;)
        {
            var place = at;
            var symbol = place == utf8.Length ? automaton.EndSymbol : classes.ReadForward(utf8, ref at);
            state = Step(automaton, state, symbol, marks[place], ref budget);
            if (state.IsFinal || place == utf8.Length)
            {
                return state.Accepted ? PatternMatch.Match : PatternMatch.NoMatch;
            }

            if (budget < 0)
            {
                return PatternMatch.Undecided;
            }
        }
    }

    private static State Step(LazyAutomaton automaton, State state, int symbol, byte marks, ref long budget)
    {
        var columns = automaton.LookColumns;
        symbol += columns.Length == 1 ? 0 : columns[marks] * (automaton.EndSymbol + 1);
        return state.Next[symbol] ?? automaton.Step(state, symbol, ref budget);
    }
}
