using FsCheck;
using FsCheck.Fluent;

namespace Gateway.JsonSchema.Tests.Patterns;

/// <summary>Generators of regular expressions and of strings that have a chance to match them.</summary>
internal static class RandomPatterns
{
    /// <summary>
    /// What ECMA-262 and .NET read the same way, as long as the strings are ASCII without a newline at their end. Anchors stay outside:
    /// .NET 10 takes the one in <c>(?:(?:^b)+|){2}</c> for required. So do branches that can only be empty: it finds no empty match for
    /// <c>^(?:(?:\w{1,}|b{0})+c{0}(?:[\d_]{2}\B){0,1}?)$</c>.
    /// </summary>
    internal static Gen<string> Shared { get; } = Gen.Sized(size => Choice(Math.Min(size, 12), Gen.Elements(
        "a", "b", "c", "ab", "[ab]", "[^a]", "[a-c]", "x", "[^abc]", "\\d", "\\D", "\\w", "\\W", "[\\d_]", "\\.", "-", "[ab\\]]", "0"),
        Gen.Elements("\\b", "\\B"), ["(?:", "("]))
        .Where(pattern => !pattern.Contains("{0}", StringComparison.Ordinal) && !pattern.Contains("|)", StringComparison.Ordinal)
            && !pattern.Contains("(|", StringComparison.Ordinal) && !pattern.Contains(":|", StringComparison.Ordinal))
        .SelectMany(pattern => Gen.Elements(pattern, $"^(?:{pattern})", $"(?:{pattern})$", $"^(?:{pattern})$"));

    /// <summary>The same with everything else that ECMA-262 has, back-references aside.</summary>
    internal static Gen<string> Linear { get; } = Gen.Sized(size => Choice(Math.Min(size, 12), Gen.Elements(
        "a", "b", "ab", "[^a]", ".", "\\s", "\\S", "\\w", "é", "ß", "🐲", "[🐲-🐵]", "[^🐲]", "\\p{L}", "\\P{Lu}", "\\p{Script=Greek}", "\\u{1F432}",
        "\\ud83d\\udc32", "[\\p{L}\\-]", "[^\\w\\s]", "\\n", "\\cJ", "\\x41", "[^]", "\\u2028", "\\p{scx=Deva}", "\\p{Emoji}"),
        Gen.Elements("^", "$", "\\b", "\\B"), ["(?:", "(", "(?=", "(?!", "(?<=", "(?<!"]));

    /// <summary>The same with references to groups that may or may not be there.</summary>
    internal static Gen<string> Referring { get; } = Gen.Sized(size => Choice(Math.Min(size, 12), Gen.Elements(
        "a", "b", "ab", "[ab]", "(a|b)", "(a*)", "(.)", "\\1", "\\2", "\\1", "(b)?", ".", "é", "🐲", "(?<n>a)\\k<n>"),
        Gen.Elements("^", "$", "\\b"), ["(?:", "(", "(?=", "(?!", "(?<=", "(?<!"]));

    internal static Gen<string> AsciiText { get; } = Text(["a", "b", "c", "x", "0", "_", "-", ".", " ", "ab", "]"]);

    internal static Gen<string> AnyText { get; } =
        Text(["a", "b", "A", "é", "ß", "λ", "🐲", "🐴", "\n", "\r", "\u2028", "\u00A0", "\uFEFF", "\u0085", " ", "0", "_", "-", "\u0964", "x", "ab", "\0"]);

    private static Gen<string> Text(string[] parts) =>
        Gen.Choose(0, 8).SelectMany(length => Gen.ListOf(Gen.Elements(parts), length)).Select(string.Concat);

    private static Gen<string> Choice(int size, Gen<string> atoms, Gen<string> anchors, string[] groups)
    {
        var sequence = Gen.Choose(0, 3).SelectMany(length => Gen.ListOf(Term(size, atoms, anchors, groups), length)).Select(string.Concat);
        return Gen.Frequency(
            (3, sequence),
            (1, sequence.Zip(sequence, (left, right) => left + "|" + right)));
    }

    private static Gen<string> Term(int size, Gen<string> atoms, Gen<string> anchors, string[] groups)
    {
        var quantifiers = Gen.Elements("", "", "*", "+", "?", "{2}", "{1,}", "{0,2}", "{2,3}", "*?", "+?", "{0}", "{0,1}?");
        var quantified = atoms.Zip(quantifiers, (atom, quantifier) => atom + quantifier);
        if (size <= 1)
        {
            return Gen.Frequency((5, quantified), (1, anchors));
        }

        var group = Gen.Elements(groups).SelectMany(open => Choice(size / 2, atoms, anchors, groups).Zip(quantifiers, (inner, quantifier) =>
            open + inner + ")" + (open is "(" or "(?:" ? quantifier : "")));
        return Gen.Frequency((4, quantified), (1, anchors), (3, group));
    }
}
