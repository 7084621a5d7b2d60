using System.Text;
using Gateway.JsonSchema.Patterns.Unicode;

namespace Gateway.JsonSchema.Patterns.Syntax;

/// <summary>Escapes, inside and outside of classes.</summary>
internal sealed partial class PatternParser
{
    private PatternNode ReadEscape()
    {
        var next = Peek(1);
        switch (next)
        {
            case 'b':
                _at += 2;
                return new PatternNode.Anchor(AnchorKind.WordBoundary);
            case 'B':
                _at += 2;
                return new PatternNode.Anchor(AnchorKind.NotWordBoundary);
            case 'k':
                return ReadNamedReference();
            case >= '1' and <= '9':
                return ReadNumberedReference();
            default:
                return ReadClassEscape() is { } set ? new PatternNode.OneOf(set) : OneOf(ReadCharacterEscape());
        }
    }

    private PatternNode.BackReference ReadNumberedReference()
    {
        var at = _at++;
        var reference = new PatternNode.BackReference { Target = ReadCount() ?? 0 };
        _references.Add((reference, null, at));
        return reference;
    }

    private PatternNode ReadNamedReference()
    {
        var at = _at;
        _at += 2;
        if (!Accept('<'))
        {
            return Fail("'\\k' is not followed by a group name in '<' and '>'", at);
        }

        if (ReadGroupName() is not { } name)
        {
            return PatternNode.Empty.Instance;
        }

        var reference = new PatternNode.BackReference();
        _references.Add((reference, name, at));
        return reference;
    }

    /// <summary>Reads a group's name and the '&gt;' behind it.</summary>
    private string? ReadGroupName()
    {
        var name = new StringBuilder();
        while (Peek() is not ('>' or End))
        {
            var at = _at;
            var next = Peek();
            if (next == '\\' && Peek(1) == 'u')
            {
                _at++;
                next = ReadUnicodeEscape();
            }
            else
            {
                _at++;
            }

            if (!(name.Length == 0 ? UnicodeProperties.IsIdentifierStart(next) : UnicodeProperties.IsIdentifierPart(next)))
            {
                Fail("the group's name holds a character that names cannot hold", at);
                return null;
            }

            // A surrogate is no part of a name, so the code point is a scalar value here.
            name.Append(char.ConvertFromUtf32(next));
        }

        if (name.Length == 0 || !Accept('>'))
        {
            Fail("the group's name is not closed with '>' or is empty");
            return null;
        }

        return name.ToString();
    }

    /// <summary>Reads <c>\d</c> and its like, or answers <see langword="null"/> with nothing read.</summary>
    private CodePointSet? ReadClassEscape()
    {
        var set = Peek(1) switch
        {
            'd' => UnicodeProperties.Digit,
            'D' => UnicodeProperties.Digit.Complement,
            's' => UnicodeProperties.Space,
            'S' => UnicodeProperties.Space.Complement,
            'w' => UnicodeProperties.Word,
            'W' => UnicodeProperties.Word.Complement,
            _ => null,
        };
        if (set is not null)
        {
            _at += 2;
            return set;
        }

        return Peek(1) is 'p' or 'P' ? ReadProperty() : null;
    }

    private CodePointSet ReadProperty()
    {
        var at = _at++;
        var negative = Peek() == 'P';
        _at++;
        if (!Accept('{'))
        {
            Fail($"'\\{(negative ? 'P' : 'p')}' is not followed by a property in '{{' and '}}'", at);
            return CodePointSet.Empty;
        }

        var inside = new StringBuilder();
        for (; Peek() is '_' or '=' or (>= '0' and <= '9') or (>= 'A' and <= 'Z') or (>= 'a' and <= 'z'); _at++)
        {
            inside.Append((char)Peek());
        }

        var parts = inside.ToString().Split('=', 2);
        var set = Accept('}') ? UnicodeProperties.Find(parts[0], parts.Length > 1 ? parts[1] : null) : null;
        if (set is null)
        {
            Fail($"'{inside}' is no Unicode property that ECMA-262 knows", at);
            return CodePointSet.Empty;
        }

        return negative ? set.Complement : set;
    }

    /// <summary>Reads an escape that stands for one code point, from its backslash on.</summary>
    private int ReadCharacterEscape()
    {
        var at = _at++;
        var next = Peek();
        _at++;
        switch (next)
        {
            case 't':
                return '\t';
            case 'n':
                return '\n';
            case 'v':
                return '\v';
            case 'f':
                return '\f';
            case 'r':
                return '\r';
            case '0' when Peek() is not (>= '0' and <= '9'):
                return 0;
            case 'c' when Peek() is (>= 'A' and <= 'Z') or (>= 'a' and <= 'z'):
                return _text[_at++] % 32;
            case 'x' when ReadHex(2) is { } value:
                return value;
            case 'u':
                _at--;
                return ReadUnicodeEscape();
            case '/':
            case not End when next < 128 && SyntaxCharacters.Contains((char)next, StringComparison.Ordinal):
                return next;
            default:
                Fail(next == End ? "a backslash ends the pattern" : $"'\\{Rune(next)}' is no escape that ECMA-262 knows", at);
                return 0;
        }
    }

    /// <summary>Reads <c>uXXXX</c>, a surrogate pair of two of them, or <c>u{..}</c>, from its letter on.</summary>
    private int ReadUnicodeEscape()
    {
        var at = _at++;
        var value = Peek() == '{' ? ReadBracedHex() : ReadHex(4);
        if (value is null or >= CodePointSet.Limit)
        {
            Fail("'\\u' is not followed by four hexadecimal digits or a code point in '{' and '}'", at - 1);
            return 0;
        }

        var isLead = value is >= 0xD800 and < 0xDC00 && _text[_at - 1] != '}';
        if (!isLead || Peek() != '\\' || Peek(1) != 'u' || Peek(2) == '{')
        {
            return value.Value;
        }

        var afterLead = _at;
        _at += 2;
        if (ReadHex(4) is >= 0xDC00 and < 0xE000 and var trail)
        {
            return char.ConvertToUtf32((char)value.Value, (char)trail);
        }

        _at = afterLead;
        return value.Value;
    }

    private int? ReadBracedHex()
    {
        _at++;
        int? value = null;
        for (; Peek() is > 0 and < 128 && char.IsAsciiHexDigit((char)Peek()); _at++)
        {
            value = Math.Min((value ?? 0) * 16 + Convert.ToInt32(((char)Peek()).ToString(), 16), CodePointSet.Limit);
        }

        return Accept('}') ? value : null;
    }

    private int? ReadHex(int digits)
    {
        var value = 0;
        for (var i = 0; i < digits; i++, _at++)
        {
            if (Peek() is not (> 0 and < 128) || !char.IsAsciiHexDigit((char)Peek()))
            {
                return null;
            }

            value = value * 16 + Convert.ToInt32(((char)Peek()).ToString(), 16);
        }

        return value;
    }

    private static string Rune(int codePoint) =>
        System.Text.Rune.TryCreate(codePoint, out var rune) ? rune.ToString() : $"U+{codePoint:X4}";
}
