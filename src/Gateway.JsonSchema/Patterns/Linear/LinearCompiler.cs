using System.Globalization;
using Gateway.JsonSchema.Patterns.Direct;
using Gateway.JsonSchema.Patterns.Syntax;

namespace Gateway.JsonSchema.Patterns.Linear;

/// <summary>Builds what runs a simplified pattern in linear time, within the bounds of the engine.</summary>
internal static class LinearCompiler
{
    /// <summary>Largest automata of one pattern, in nodes.</summary>
    internal const int MaxNodes = 10_000;

    /// <summary>Largest row of a state, in symbols.</summary>
    private const int MaxSymbols = 8_192;

    internal static PatternResult Compile(PatternNode root, int maxSize)
    {
        if (DirectCompiler.TryCompile(root) is { } direct)
        {
            return new PatternResult.Compiled(direct);
        }

        var survey = PatternSurvey.Of(root);
        if (survey.Nodes > MaxNodes)
        {
            return Refuse($"written out, its repetitions and alternatives need {Number(survey.Nodes)} automaton nodes; {Number(MaxNodes)} are allowed. Smaller repetition counts help");
        }

        if (survey.Looks > LookAroundPattern.MaxLooks)
        {
            return Refuse($"it has {Number(survey.Looks)} look-arounds; {Number(LookAroundPattern.MaxLooks)} are allowed");
        }

        if (survey.Size > maxSize)
        {
            return Refuse($"its automata and character classes have a size of {Number(survey.Size)}; {Number(maxSize)} are left");
        }

        return TrySplit(root) is { } conditions ? CompileConjunction(conditions, survey.Size) : CompileAutomata(root, survey);
    }

    /// <summary>
    /// <c>^(?=X)(?!Y)Z</c> is <c>^X</c> and not <c>^Y</c> and <c>^Z</c>, for all of them look at the one place where the string begins;
    /// <c>Z(?&lt;!Y)$</c> is <c>Z$</c> and not <c>Y$</c>.
    /// </summary>
    private static List<(PatternNode Body, PatternMatch Expected)>? TrySplit(PatternNode root)
    {
        if (root is not PatternNode.Sequence { Parts: var parts })
        {
            return null;
        }

        var ahead = parts[0] is PatternNode.Anchor { Kind: AnchorKind.Start }
            ? parts.Skip(1).TakeWhile(part => part is PatternNode.Look { Behind: false }).Cast<PatternNode.Look>().ToArray()
            : [];
        var behind = parts[^1] is PatternNode.Anchor { Kind: AnchorKind.End }
            ? parts.Reverse().Skip(1).TakeWhile(part => part is PatternNode.Look { Behind: true }).Cast<PatternNode.Look>().ToArray()
            : [];
        var conditions = new List<(PatternNode, PatternMatch)>();
        conditions.AddRange(ahead.Select(look => (PatternSimplifier.Join([parts[0], look.Body]), Expected(look))));
        conditions.AddRange(behind.Select(look => (PatternSimplifier.Join([look.Body, parts[^1]]), Expected(look))));
        conditions.Add((PatternSimplifier.Join(parts.Where(part => !ahead.Contains(part) && !behind.Contains(part))), PatternMatch.Match));
        return conditions.Count > 1 ? conditions : null;
    }

    private static PatternMatch Expected(PatternNode.Look look) => look.Negative ? PatternMatch.NoMatch : PatternMatch.Match;

    /// <summary>Each condition gets the fastest engine that can run it.</summary>
    private static PatternResult CompileConjunction(List<(PatternNode Body, PatternMatch Expected)> conditions, int size)
    {
        var compiled = new List<(Pattern, PatternMatch)>();
        foreach (var (body, expected) in conditions)
        {
            var result = Compile(body, size);
            if (result is not PatternResult.Compiled { Pattern: var pattern })
            {
                return result;
            }

            compiled.Add((pattern, expected));
        }

        return new PatternResult.Compiled(new ConjunctionPattern([.. compiled]), size);
    }

    private static PatternResult CompileAutomata(PatternNode root, PatternSurvey survey)
    {
        var classes = CharacterClasses.Divide(survey.Sets);
        if ((classes.Count + 1L) << survey.Looks > MaxSymbols)
        {
            return Refuse($"it tells {Number(classes.Count)} kinds of characters apart beside {Number(survey.Looks)} look-arounds, which is more than the engine can hold");
        }

        var builder = new AutomatonBuilder(survey.Sets, classes);
        var automaton = new LazyAutomaton(builder.Build(root, backward: false), classes, everyPlace: false);
        return new PatternResult.Compiled(
            builder.Looks.Count == 0 ? new LinearPattern(automaton, classes) : new LookAroundPattern([.. builder.Looks], automaton, classes), survey.Size);
    }

    private static PatternResult.Refused Refuse(string reason) => new($"The pattern is too large: {reason}.");

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
