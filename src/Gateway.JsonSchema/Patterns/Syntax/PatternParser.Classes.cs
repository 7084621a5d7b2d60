using System.Globalization;
using Gateway.JsonSchema.Patterns.Unicode;

namespace Gateway.JsonSchema.Patterns.Syntax;

/// <summary>Character classes: <c>[..]</c>.</summary>
internal sealed partial class PatternParser
{
    private PatternNode ReadClass()
    {
        var open = _at++;
        var negative = Accept('^');
        var ranges = new List<(int First, int Last)>();
        while (Peek() is not (']' or End) && ranges.Count <= MaxRanges)
        {
            ReadClassPart(ranges);
        }

        if (!Accept(']'))
        {
            return Fail("the class is not closed; ']' is missing", open);
        }

        _ranges += ranges.Count;
        if (_ranges > MaxRanges)
        {
            return Fail($"the classes up to here name more than {MaxRanges.ToString("N0", CultureInfo.InvariantCulture)} ranges of characters", open);
        }

        var set = CodePointSet.FromRanges(ranges);
        return new PatternNode.OneOf(negative ? set.Complement : set);
    }

    private void ReadClassPart(List<(int First, int Last)> ranges)
    {
        var at = _at;
        var (set, first) = ReadClassAtom();
        if (Peek() != '-' || Peek(1) is ']' or End)
        {
            AddClassAtom(ranges, set, first);
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
            ranges.Add((first, last));
        }
    }

    private static void AddClassAtom(List<(int First, int Last)> ranges, CodePointSet? set, int codePoint)
    {
        if (set is null)
        {
            ranges.Add((codePoint, codePoint));
            return;
        }

        set.AddTo(ranges);
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
}
