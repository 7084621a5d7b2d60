using System.Globalization;
using Gateway.JsonSchema.Patterns.Unicode;

namespace Gateway.JsonSchema.Patterns.Syntax;

/// <summary>
/// Reads a regular expression of ECMA-262 with the <c>u</c> flag and no other (section 22.2.1 of the specification, without its annex B).
/// A first error moves the reader to the end, so that every loop ends by itself.
/// </summary>
internal sealed partial class PatternParser
{
    /// <summary>How deep groups may be nested; later passes recurse over the tree and rely on it.</summary>
    internal const int MaxDepth = 200;

    /// <summary>How many ranges all classes of a pattern may name together; properties such as <c>\p{L}</c> have hundreds.</summary>
    internal const int MaxRanges = 20_000;

    private const int End = -1;
    private const string SyntaxCharacters = "^$\\.*+?()[]{}|";

    private static readonly PatternNode.OneOf Dot = new(UnicodeProperties.Dot);
    private static readonly PatternNode.OneOf[] Ascii =
        [.. Enumerable.Range(0, 128).Select(codePoint => new PatternNode.OneOf(CodePointSet.Of(codePoint)))];

    private readonly int[] _text;
    private readonly Dictionary<int, PatternNode.OneOf> _beyondAscii = [];
    private readonly Dictionary<string, int> _groupNames = new(StringComparer.Ordinal);
    private readonly List<(PatternNode.BackReference Node, string? Name, int At)> _references = [];
    private int _at;
    private int _groups;
    private int _depth;
    private int _ranges;
    private string? _error;

    private PatternParser(string pattern)
    {
        var text = new List<int>(pattern.Length);
        for (var i = 0; i < pattern.Length; i++)
        {
            var isPair = char.IsHighSurrogate(pattern[i]) && i + 1 < pattern.Length && char.IsLowSurrogate(pattern[i + 1]);
            text.Add(isPair ? char.ConvertToUtf32(pattern[i], pattern[++i]) : pattern[i]);
        }

        _text = [.. text];
    }

    /// <summary>Reads a pattern; takes a time linear in its length, for any input.</summary>
    internal static ParseResult Parse(string pattern)
    {
        var parser = new PatternParser(pattern);
        var root = parser.ReadChoice();
        if (parser.Peek() == ')')
        {
            parser.Fail("')' closes no group");
        }

        parser.ResolveReferences();
        return parser._error is { } reason
            ? new ParseResult.Malformed(reason)
            : new ParseResult.Parsed(root, parser._groups, parser._references.Count > 0);
    }

    private PatternNode ReadChoice()
    {
        var branches = new List<PatternNode> { ReadSequence() };
        while (Accept('|'))
        {
            branches.Add(ReadSequence());
        }

        return branches is [var only] ? only : new PatternNode.Choice([.. branches]);
    }

    private PatternNode ReadSequence()
    {
        var parts = new List<PatternNode>();
        while (Peek() is not (End or '|' or ')'))
        {
            parts.Add(ReadTerm());
        }

        return parts switch
        {
            [] => PatternNode.Empty.Instance,
            [var only] => only,
            _ => new PatternNode.Sequence([.. parts]),
        };
    }

    private PatternNode ReadTerm()
    {
        var firstGroup = _groups + 1;
        var isWrapped = Peek() == '(' && Peek(1) == '?' && Peek(2) == ':';
        var atom = ReadAtom();
        return (atom is PatternNode.Anchor or PatternNode.Look) && !isWrapped ? atom : ReadQuantifier(atom, firstGroup);
    }

    private PatternNode ReadAtom()
    {
        var next = Peek();
        switch (next)
        {
            case '^':
                return Anchor(AnchorKind.Start);
            case '$':
                return Anchor(AnchorKind.End);
            case '.':
                _at++;
                return Dot;
            case '(':
                return ReadGroup();
            case '[':
                return ReadClass();
            case '\\':
                return ReadEscape();
            case '*' or '+' or '?':
                return Fail($"there is nothing to repeat before '{(char)next}'");
            case '{' or '}' or ']':
                return Fail($"'{(char)next}' stands alone; to match it, write '\\{(char)next}'");
            default:
                _at++;
                return OneOf(next);
        }
    }

    private PatternNode.OneOf OneOf(int codePoint)
    {
        if (codePoint < Ascii.Length)
        {
            return Ascii[codePoint];
        }

        if (!_beyondAscii.TryGetValue(codePoint, out var node))
        {
            _beyondAscii.Add(codePoint, node = new PatternNode.OneOf(CodePointSet.Of(codePoint)));
        }

        return node;
    }

    private PatternNode.Anchor Anchor(AnchorKind kind)
    {
        _at++;
        return new PatternNode.Anchor(kind);
    }

    private PatternNode ReadGroup()
    {
        var open = _at++;
        if (++_depth > MaxDepth)
        {
            return Fail($"groups are nested more than {MaxDepth.ToString(CultureInfo.InvariantCulture)} deep");
        }

        Func<PatternNode, PatternNode> wrap = body => body;
        if (Accept("?="))
        {
            wrap = body => new PatternNode.Look(body, behind: false, negative: false);
        }
        else if (Accept("?!"))
        {
            wrap = body => new PatternNode.Look(body, behind: false, negative: true);
        }
        else if (Accept("?<="))
        {
            wrap = body => new PatternNode.Look(body, behind: true, negative: false);
        }
        else if (Accept("?<!"))
        {
            wrap = body => new PatternNode.Look(body, behind: true, negative: true);
        }
        else if (!Accept("?:"))
        {
            var number = ReadGroupHead();
            wrap = body => new PatternNode.Group(number, body);
        }

        var inner = ReadChoice();
        _depth--;
        return Accept(')') ? wrap(inner) : Fail("the group is not closed; ')' is missing", open);
    }

    private int ReadGroupHead()
    {
        var number = ++_groups;
        if (Accept("?<"))
        {
            var at = _at;
            if (ReadGroupName() is { } name && !_groupNames.TryAdd(name, number))
            {
                Fail($"there are two groups named '{name}'", at);
            }
        }
        else if (Peek() == '?')
        {
            Fail("'(?' begins no group that ECMA-262 knows", _at - 1);
        }

        return number;
    }

    private PatternNode ReadQuantifier(PatternNode body, int firstGroup)
    {
        var (min, max) = (1, 1);
        switch (Peek())
        {
            case '*':
                (min, max) = (0, PatternNode.Repeat.Unbounded);
                break;
            case '+':
                (min, max) = (1, PatternNode.Repeat.Unbounded);
                break;
            case '?':
                (min, max) = (0, 1);
                break;
            case '{':
                (min, max) = ReadCounts();
                break;
            default:
                return body;
        }

        _at++;
        return new PatternNode.Repeat(body, min, max, lazy: Accept('?')) { FirstGroup = firstGroup, LastGroup = _groups };
    }

    /// <summary>Reads <c>{n}</c>, <c>{n,}</c> or <c>{n,m}</c> up to the closing brace, which the caller steps over.</summary>
    private (int Min, int Max) ReadCounts()
    {
        var open = _at++;
        var min = ReadCount();
        var max = min;
        if (Accept(','))
        {
            max = Peek() == '}' ? PatternNode.Repeat.Unbounded : ReadCount();
        }

        if (min is null || max is null || Peek() != '}')
        {
            Fail("'{' begins no repetition count; to match it, write '\\{'", open);
            return (0, 0);
        }

        if (max < min)
        {
            Fail("the repetition's numbers are out of order", open);
        }

        return (min.Value, max.Value);
    }

    /// <summary>Reads digits; counts beyond what any automaton could hold are all the same, and later refused as too large.</summary>
    private int? ReadCount()
    {
        int? count = null;
        for (; Peek() is >= '0' and <= '9'; _at++)
        {
            count = (int)Math.Min((count ?? 0) * 10L + (Peek() - '0'), PatternNode.Repeat.Unbounded - 1);
        }

        return count;
    }

    private void ResolveReferences()
    {
        foreach (var (node, name, at) in _references)
        {
            if (name is not null && _groupNames.TryGetValue(name, out var number))
            {
                node.Target = number;
            }
            else if (name is not null || node.Target > _groups)
            {
                Fail(name is null ? $"there is no group number {node.Target.ToString(CultureInfo.InvariantCulture)}" : $"there is no group named '{name}'", at);
                return;
            }
        }
    }

    private int Peek(int ahead = 0) => _at + ahead < _text.Length ? _text[_at + ahead] : End;

    private bool Accept(char expected)
    {
        if (Peek() != expected)
        {
            return false;
        }

        _at++;
        return true;
    }

    private bool Accept(string expected)
    {
        for (var i = 0; i < expected.Length; i++)
        {
            if (Peek(i) != expected[i])
            {
                return false;
            }
        }

        _at += expected.Length;
        return true;
    }

    private PatternNode.Empty Fail(string reason, int? at = null)
    {
        _error ??= $"{reason} (at character {((at ?? _at) + 1).ToString(CultureInfo.InvariantCulture)})";
        _at = _text.Length;
        return PatternNode.Empty.Instance;
    }
}
