using Gateway.JsonSchema.Patterns;
using Gateway.JsonSchema.Plans;

namespace Gateway.JsonSchema.Compiler;

/// <summary>The patterns of one compilation: each distinct text is compiled once and counted once.</summary>
internal sealed class PatternCache(SchemaOptions options, SchemaErrors errors)
{
    private readonly Dictionary<string, PatternResult> _results = new(StringComparer.Ordinal);
    private PatternOptions _options = new() { AllowBacktracking = options.AllowBacktracking };

    /// <summary>The pattern, or <see langword="null"/> with an error added.</summary>
    public NamedPattern? Compile(SchemaDocument document, int row)
    {
        var text = document.Text(row);
        if (!_results.TryGetValue(text, out var result))
        {
            result = _results.Count < options.MaxPatterns
                ? CompileWithinRest(text)
                : new PatternResult.Refused($"The schema has more than {options.MaxPatterns} distinct patterns.");
            _results[text] = result;
        }

        if (result is PatternResult.Compiled compiled)
        {
            return new NamedPattern(text, compiled.Pattern);
        }

        // The row of a name in patternProperties has no pointer of its own; its value's is the same.
        var place = document.Kind(row) == Tape.JsonKind.Name ? row + 1 : row;
        errors.Add(document, place, $"The pattern '{SchemaErrors.Excerpt(text)}' is refused: {((PatternResult.Refused)result).Reason}");
        return null;
    }

    /// <summary>All patterns of a schema share one bound of size; once it is spent, no more of them are read.</summary>
    private PatternResult CompileWithinRest(string text)
    {
        if (_options.MaxSize == 0)
        {
            return new PatternResult.Refused("The patterns before it are too large together.");
        }

        var result = PatternCompiler.Compile(text, _options);
        _options = _options with { MaxSize = result is PatternResult.Compiled { Size: var size } ? Math.Max(0, _options.MaxSize - size) : _options.MaxSize };
        return result;
    }
}
