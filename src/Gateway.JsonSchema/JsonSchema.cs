using System.Buffers;
using Gateway.JsonSchema.Compiler;
using Gateway.JsonSchema.Evaluator;
using Gateway.JsonSchema.Output;
using Gateway.JsonSchema.Plans;
using Gateway.JsonSchema.Tape;

namespace Gateway.JsonSchema;

/// <summary>
/// A compiled JSON Schema (2020-12, 2019-09 or draft 7, by its <c>$schema</c>; 2020-12 without one). Immutable: any number of threads may
/// validate against one instance at once.
/// </summary>
public sealed class JsonSchema
{
    private readonly Node _root;
    private readonly SchemaOptions _options;

    internal JsonSchema(Node root, SchemaOptions options)
    {
        (_root, _options) = (root, options);
    }

    /// <summary>Compiles a schema: checks it against its meta-schema, resolves references inside the document, compiles its patterns.</summary>
    /// <param name="utf8Schema">The schema document. It is copied; the caller keeps the bytes.</param>
    /// <param name="options">Bounds and choices; the defaults when <see langword="null"/>.</param>
    /// <returns>The schema, or every reason found to refuse it. Broken input is never answered with an exception.</returns>
    /// <remarks>Time and memory are bounded by the options, whatever the schema says. Nothing is ever fetched.</remarks>
    public static CompileResult Compile(ReadOnlySpan<byte> utf8Schema, SchemaOptions? options = null) =>
        SchemaCompiler.Compile(utf8Schema, options ?? SchemaOptions.Default);

    /// <summary>Judges one instance.</summary>
    /// <param name="utf8Json">The instance as received. A leading byte order mark is skipped.</param>
    /// <returns>The verdict; for a valid instance always the same object, and nothing is allocated once the thread is warm.</returns>
    /// <remarks>
    /// Reading is linear in the bytes; evaluation is bounded by <see cref="SchemaOptions.StepBudget"/>. Only an invalid instance is
    /// walked a second time, to collect its violations.
    /// </remarks>
    public Verdict Validate(ReadOnlySpan<byte> utf8Json) => ValidateCounting(utf8Json, out _);

    /// <summary>The same, telling what is left of the fast pass's budget.</summary>
    internal Verdict ValidateCounting(ReadOnlySpan<byte> utf8Json, out long stepsLeft)
    {
        stepsLeft = 0;
        using var scratch = Scratch.Rent();
        var problem = TapeBuilder.Build(utf8Json, scratch.Tape, _options.InstanceLimits);
        if (problem is not null)
        {
            return Verdict.NotJson(problem);
        }

        return Evaluate(utf8Json, scratch, out stepsLeft);
    }

    private unsafe Verdict Evaluate(ReadOnlySpan<byte> utf8Json, Scratch scratch, out long stepsLeft)
    {
        fixed (byte* text = scratch.Tape.Text)
        fixed (Row* rows = scratch.Tape.Rows)
        {
            var evaluator = new FastEvaluator(text, rows, scratch, StepsFor(utf8Json));
            var fits = evaluator.Evaluate(_root, 0);
            stepsLeft = evaluator.StepsLeft;
            if (evaluator.GaveUp)
            {
                return Verdict.BudgetExceeded;
            }

            return fits
                ? Verdict.Valid
                : new ViolationCollector(new FastEvaluator(text, rows, scratch, StepsFor(utf8Json)), scratch, _options.MaxErrors).Collect(_root);
        }
    }

    /// <summary>
    /// Judges one instance and writes the standard's <c>basic</c> output (2020-12 core, section 12.4.2): the violations, or for a valid instance
    /// the annotations of the meta-data, format and content vocabularies.
    /// </summary>
    /// <param name="utf8Json">The instance as received.</param>
    /// <param name="destination">Receives one JSON object.</param>
    /// <returns>The verdict that was written.</returns>
    /// <remarks>Bounded like <see cref="Validate"/>; allocates, and walks a valid instance twice.</remarks>
    public Verdict WriteBasicOutput(ReadOnlySpan<byte> utf8Json, IBufferWriter<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        var verdict = Validate(utf8Json);
        var annotations = new List<Annotation>();
        if (verdict.Kind == VerdictKind.Valid)
        {
            verdict = Annotate(utf8Json, annotations);
        }

        BasicOutput.Write(verdict, annotations, destination);
        return verdict;
    }

    private unsafe Verdict Annotate(ReadOnlySpan<byte> utf8Json, List<Annotation> annotations)
    {
        using var scratch = Scratch.Rent();
        TapeBuilder.Build(utf8Json, scratch.Tape, _options.InstanceLimits);
        fixed (byte* text = scratch.Tape.Text)
        fixed (Row* rows = scratch.Tape.Rows)
        {
            var collector = new AnnotationCollector(new FastEvaluator(text, rows, scratch, StepsFor(utf8Json)), scratch, annotations);
            return collector.Collect(_root) ? Verdict.Valid : Verdict.BudgetExceeded;
        }
    }

    private long StepsFor(ReadOnlySpan<byte> utf8Json) => _options.StepBudget + (4L * utf8Json.Length);
}
