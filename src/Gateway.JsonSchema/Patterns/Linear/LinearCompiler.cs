using System.Globalization;
using Gateway.JsonSchema.Patterns.Syntax;

namespace Gateway.JsonSchema.Patterns.Linear;

/// <summary>Builds what runs a simplified pattern in linear time, within the bounds of the engine.</summary>
internal static class LinearCompiler
{
    /// <summary>Largest automata of one pattern, in nodes.</summary>
    internal const int MaxNodes = 10_000;

    /// <summary>Largest row of a state, in symbols.</summary>
    internal const int MaxSymbols = 8_192;

    private const int MaxRanges = 50_000;

    internal static PatternResult Compile(PatternNode root)
    {
        var survey = PatternSurvey.Of(root);
        if (survey.Nodes > MaxNodes)
        {
            return Refuse($"written out, its repetitions and alternatives need {Number(survey.Nodes)} automaton nodes; {Number(MaxNodes)} are allowed. Smaller repetition counts help");
        }

        if (survey.Looks > LookAroundPattern.MaxLooks)
        {
            return Refuse($"it has {Number(survey.Looks)} look-arounds; {Number(LookAroundPattern.MaxLooks)} are allowed");
        }

        if (survey.Ranges > MaxRanges)
        {
            return Refuse($"its character classes have {Number(survey.Ranges)} ranges together; {Number(MaxRanges)} are allowed");
        }

        var classes = CharacterClasses.Divide(survey.Sets);
        if ((classes.Count + 1L) << survey.Looks > MaxSymbols)
        {
            return Refuse($"it tells {Number(classes.Count)} kinds of characters apart beside {Number(survey.Looks)} look-arounds, which is more than the engine can hold");
        }

        var builder = new AutomatonBuilder(survey.Sets, classes);
        var automaton = new LazyAutomaton(builder.Build(root, backward: false), classes, everyPlace: false);
        return new PatternResult.Compiled(builder.Looks.Count == 0
            ? new LinearPattern(automaton, classes)
            : new LookAroundPattern([.. builder.Looks], automaton, classes));
    }

    private static PatternResult.Refused Refuse(string reason) => new($"The pattern is too large: {reason}.");

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
