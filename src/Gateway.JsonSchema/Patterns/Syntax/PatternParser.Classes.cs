using System.Globalization;
using Gateway.JsonSchema.Patterns.Unicode;

namespace Gateway.JsonSchema.Patterns.Syntax;

/// <summary>Character classes: <c>[..]</c>.</summary>
internal sealed partial class PatternParser
{
    /// <summary>Sets of more ranges are merged as they are; sorting their ranges with all others would take much longer.</summary>
    private const int SmallSet = 16;

    private PatternNode ReadClass()
    {
        var open = _at++;
        var negative = Accept('^');
        var parts = new ClassParts();
        while (Peek() is not (']' or End))
        {
            ReadClassPart(parts);
            if (_ranges > MaxRanges)
            {
                return Fail($"the classes up to here name more than {MaxRanges.ToString("N0", CultureInfo.InvariantCulture)} ranges of characters", open);
            }
        }

        if (!Accept(']'))
        {
            return Fail("the class is not closed; ']' is missing", open);
        }

        var set = CodePointSet.FromRanges(parts.Ranges).Union(parts.Sets);
        return new PatternNode.OneOf(negative ? set.Complement : set);
    }

    private void ReadClassPart(ClassParts parts)
    {
        var at = _at;
        var (set, first) = ReadClassAtom();
        _ranges += 1 + (set?.Boundaries.Length / 2 ?? 0);
        if (Peek() != '-' || Peek(1) is ']' or End)
        {
            parts.Add(set, first);
            return;
        }

        _at++;
        var (lastSet, last) = ReadClassAtom();
        if (set is not null || lastSet is not null)
        {
            Fail("a range of characters cannot begin or end with a class such as '\\d'", at);
        }
        else if (last < first)
        {
            Fail("the range's characters are out of order", at);
        }
        else
        {
            parts.Ranges.Add((first, last));
        }
    }

    private (CodePointSet? Set, int CodePoint) ReadClassAtom()
    {
        if (Peek() != '\\')
        {
            return (null, _text[_at++]);
        }

        if (Peek(1) is 'b' or '-')
        {
            _at += 2;
            return (null, _text[_at - 1] == 'b' ? '\b' : '-');
        }

        return ReadClassEscape() is { } set ? (set, 0) : (null, ReadCharacterEscape());
    }

    private sealed class ClassParts
    {
        internal List<(int First, int Last)> Ranges { get; } = [];

        internal CodePointSet Sets { get; private set; } = CodePointSet.Empty;

        internal void Add(CodePointSet? set, int codePoint)
        {
            if (set is null)
            {
                Ranges.Add((codePoint, codePoint));
            }
            else if (set.Boundaries.Length <= SmallSet)
            {
                set.AddTo(Ranges);
            }
            else
            {
                Sets = Sets.Union(set);
            }
        }
    }
}
