using System.Buffers;
using System.Text;
using Gateway.JsonSchema.Patterns.Syntax;
using Gateway.JsonSchema.Patterns.Unicode;

namespace Gateway.JsonSchema.Patterns.Direct;

/// <summary>Recognises the simple patterns that most schemas use and that need no automaton.</summary>
internal static class DirectCompiler
{
    private const int MaxLiterals = 16;
    private const int MaxParts = 128;

    /// <param name="root">A simplified pattern.</param>
    /// <returns><see langword="null"/> where the pattern is none of the simple ones.</returns>
    internal static Pattern? TryCompile(PatternNode root)
    {
        ReadOnlySpan<PatternNode> parts = root switch
        {
            PatternNode.Sequence sequence => sequence.Parts,
            PatternNode.Empty => [],
            _ => new[] { root },
        };
        var atStart = parts is [PatternNode.Anchor { Kind: AnchorKind.Start }, ..];
        parts = atStart ? parts[1..] : parts;
        var atEnd = parts is [.., PatternNode.Anchor { Kind: AnchorKind.End }];
        parts = atEnd ? parts[..^1] : parts;
        if (atStart && parts is [PatternNode.Choice choice])
        {
            return TryCompileChoice(choice, atEnd);
        }

        var repeats = new List<PatternNode.Repeat>();
        return TryFlatten(parts, repeats) ? Compile(repeats, atStart, atEnd) : null;
    }

    private static Pattern? Compile(List<PatternNode.Repeat> repeats, bool atStart, bool atEnd)
    {
        if (!(atStart && atEnd) && repeats.TrueForAll(repeat => repeat.Min == 0))
        {
            return new AnyTextPattern();
        }

        if (LiteralOf(repeats) is { } literal)
        {
            return new LiteralPattern(literal, atStart, atEnd);
        }

        if (atStart)
        {
            return TryCompileSegments(repeats, atEnd);
        }

        return !atEnd && repeats is [var only] ? CompileRun(SetOf(only), only.Min) : null;
    }

    /// <summary>Nothing asks what follows, so any run of at least the least number matches.</summary>
    private static Pattern CompileRun(CodePointSet set, int min) => min == 1 && IsAscii(set)
        ? new ContainsPattern(SearchValues.Create([.. Enumerable.Range(0, 0x80).Where(set.Contains).Select(value => (byte)value)]))
        : new RunPattern(new Segment(set, min, PatternNode.Repeat.Unbounded));

    /// <summary>Writes the parts as repetitions of single sets; answers whether that is possible.</summary>
    private static bool TryFlatten(ReadOnlySpan<PatternNode> parts, List<PatternNode.Repeat> repeats)
    {
        foreach (var part in parts)
        {
            switch (part)
            {
                case PatternNode.OneOf one:
                    repeats.Add(new PatternNode.Repeat(one, 1, 1, lazy: false));
                    break;
                case PatternNode.Repeat { Body: PatternNode.OneOf } repeat:
                    repeats.Add(repeat);
                    break;
                case PatternNode.Repeat { Body: PatternNode.Sequence body } repeat when repeat.Min == repeat.Max && repeat.Min <= MaxParts:
                    for (var round = 0; round < repeat.Min; round++)
                    {
                        if (!TryFlatten(body.Parts, repeats))
                        {
                            return false;
                        }
                    }

                    break;
                default:
                    return false;
            }

            if (repeats.Count > MaxParts)
            {
                return false;
            }
        }

        return true;
    }

    private static LiteralChoicePattern? TryCompileChoice(PatternNode.Choice choice, bool atEnd)
    {
        var literals = new List<byte[]>();
        foreach (var branch in choice.Branches)
        {
            var repeats = new List<PatternNode.Repeat>();
            if (literals.Count == MaxLiterals || !TryFlatten(branch is PatternNode.Sequence sequence ? sequence.Parts : [branch], repeats)
                || LiteralOf(repeats) is not { } literal)
            {
                return null;
            }

            literals.Add(literal);
        }

        return new LiteralChoicePattern([.. literals], atEnd);
    }

    private static Pattern? TryCompileSegments(List<PatternNode.Repeat> repeats, bool atEnd)
    {
        if (!atEnd)
        {
            // Nothing asks what follows, so the last part need not take more than it must.
            while (repeats[^1].Min == 0)
            {
                repeats.RemoveAt(repeats.Count - 1);
            }

            repeats[^1] = new PatternNode.Repeat(repeats[^1].Body, repeats[^1].Min, repeats[^1].Min, lazy: false);
        }

        if (TryCompileFixed(repeats, atEnd) is { } fixedPattern)
        {
            return fixedPattern;
        }

        for (var i = 0; i < repeats.Count; i++)
        {
            if (repeats[i].Min < repeats[i].Max && MayContinue(repeats, i))
            {
                return null;
            }
        }

        return new SegmentPattern([.. SegmentsOf(repeats)], atEnd);
    }

    private static FixedPattern? TryCompileFixed(List<PatternNode.Repeat> repeats, bool atEnd)
    {
        var sets = repeats.Select(SetOf).Distinct().ToList();
        var isFixed = sets.Count <= FixedPattern.MaxSets && sets.TrueForAll(IsAscii)
            && repeats.TrueForAll(repeat => repeat.Min == repeat.Max) && repeats.Sum(repeat => (long)repeat.Min) <= FixedPattern.MaxLength;
        return isFixed
            ? new FixedPattern(sets, repeats.SelectMany(repeat => Enumerable.Repeat(sets.IndexOf(SetOf(repeat)), repeat.Min)), atEnd)
            : null;
    }

    /// <summary>Whether what follows a part may begin with a character that the part takes, too.</summary>
    private static bool MayContinue(List<PatternNode.Repeat> repeats, int part)
    {
        for (var next = part + 1; next < repeats.Count; next++)
        {
            if (SetOf(repeats[part]).Overlaps(SetOf(repeats[next])))
            {
                return true;
            }

            if (repeats[next].Min > 0)
            {
                return false;
            }
        }

        return false;
    }

    private static IEnumerable<Segment> SegmentsOf(List<PatternNode.Repeat> repeats)
    {
        for (var i = 0; i < repeats.Count;)
        {
            var literals = repeats.Skip(i).TakeWhile(IsLiteral).ToList();
            if (literals.Count > 0)
            {
                yield return new Segment(LiteralOf(literals)!);
                i += literals.Count;
                continue;
            }

            yield return new Segment(SetOf(repeats[i]), repeats[i].Min, repeats[i].Max);
            i++;
        }
    }

    private static byte[]? LiteralOf(List<PatternNode.Repeat> repeats)
    {
        if (!repeats.TrueForAll(IsLiteral))
        {
            return null;
        }

        var text = new StringBuilder();
        foreach (var repeat in repeats)
        {
            text.Insert(text.Length, char.ConvertFromUtf32(SetOf(repeat).Boundaries[0]), repeat.Min);
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    // A lone surrogate is no scalar value, has no UTF-8 and never matches; the automata see to that.
    private static bool IsLiteral(PatternNode.Repeat repeat) =>
        repeat.Min == repeat.Max && repeat.Min <= MaxParts && SetOf(repeat).Count == 1 && Rune.IsValid(SetOf(repeat).Boundaries[0]);

    private static bool IsAscii(CodePointSet set) => set.IsEmpty || set.Boundaries[^1] <= 0x80;

    private static CodePointSet SetOf(PatternNode.Repeat repeat) => ((PatternNode.OneOf)repeat.Body).Set;
}
