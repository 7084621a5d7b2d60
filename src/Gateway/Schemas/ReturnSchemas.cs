using System.Collections.Concurrent;
using Gateway.Activities;
using Gateway.JsonSchema;
using Gateway.Persistence;
using Microsoft.Extensions.Options;
using Schema = Gateway.JsonSchema.JsonSchema;

namespace Gateway.Schemas;

/// <summary>
/// Compiled return schemas, shared: ten thousand activities of one type are judged by one program. Compiled at
/// registration; after a restart again from the stored text, when the first result arrives.
/// </summary>
internal sealed class ReturnSchemas(IActivityStore store, IOptions<SchemasOptions> options)
{
    private readonly SchemaCache byContent = new(options.Value.CacheSize);
    private readonly ConcurrentDictionary<(long SchemaId, bool AssertFormat), Schema> byId = [];

    /// <summary>The items of a batch mostly share one schema: comparing it costs less than hashing it.</summary>
    private volatile Compilation? last;

    /// <summary>Compiles a schema, unless one of the same content is known.</summary>
    public Compilation Compile(ReadOnlyMemory<byte> text, bool assertFormat)
    {
        if (last is { } seen && seen.AssertFormat == assertFormat && seen.Schema.Text.Span.SequenceEqual(text.Span))
        {
            return seen;
        }

        var result = byContent.GetOrCompile(text.Span, options.Value.ToSchemaOptions(assertFormat));
        return last = new Compilation(new KnownSchema(text), assertFormat, result);
    }

    /// <summary>Judges a result's bytes: one JSON value that fits the activity's schema.</summary>
    public async ValueTask<Judgement> JudgeAsync(WorkflowActivity activity, ReadOnlyMemory<byte> result) => activity.SchemaId is { } id
        ? Judgement.Of((await FindAsync(id, activity.AssertFormat)).Validate(result.Span))
        : JudgeJson(result.Span);

    /// <summary>Judges bytes that may be any JSON value.</summary>
    public static Judgement JudgeJson(ReadOnlySpan<byte> value) =>
        StrictJson.Check(value) is { } problem ? new Judgement.NotJson(problem) : Judgement.Ok;

    private async ValueTask<Schema> FindAsync(long id, bool assertFormat)
    {
        if (byId.TryGetValue((id, assertFormat), out var known))
        {
            return known;
        }

        var text = await store.SchemaTextAsync(id) ?? throw new InvalidOperationException($"Schema {id} of a stored activity is missing.");
        var schema = Compile(text, assertFormat).Result is CompileResult.Compiled compiled
            ? compiled.Schema
            : throw new InvalidOperationException($"Schema {id} was accepted at registration and does not compile now.");
        if (byId.Count >= options.Value.CacheSize)
        {
            byId.Clear();
        }

        return byId[(id, assertFormat)] = schema;
    }
}

/// <summary>A return schema and what compiling it came to.</summary>
internal sealed record Compilation(KnownSchema Schema, bool AssertFormat, CompileResult Result);
