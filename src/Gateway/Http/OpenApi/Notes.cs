using System.Diagnostics.CodeAnalysis;
using Gateway.Http.Bodies;

namespace Gateway.Http.OpenApi;

/// <summary>What an endpoint reads from the body by itself, for the document.</summary>
/// <param name="Type">The request record; null for a body that is any JSON value.</param>
/// <param name="Required">Whether an empty body is refused.</param>
/// <param name="Meaning">What the body is.</param>
/// <param name="Example">JSON.</param>
internal sealed record BodyNote(Type? Type, bool Required, string Meaning, [StringSyntax(StringSyntaxAttribute.Json)] string Example);

/// <summary>A query parameter an endpoint reads by itself, for the document.</summary>
/// <param name="Schema">JSON Schema of the value.</param>
internal sealed record QueryNote(string Name, [StringSyntax(StringSyntaxAttribute.Json)] string Schema, string Meaning);

/// <summary>What an endpoint answers 200 with, where its type does not say.</summary>
/// <param name="OneOf">One of these documents.</param>
internal sealed record AnswerNote(IReadOnlyList<Type> OneOf);

/// <summary>
/// What the generated document cannot see, because endpoints read raw bodies and check their own queries. Not
/// <c>Accepts</c>: that would have routing refuse content types, with less to say than <see cref="ContentHeaders"/>.
/// </summary>
internal static class NoteConventions
{
    private const string Text = """{"type":"string"}""";

    public static TBuilder Takes<TBuilder>(
        this TBuilder builder, Type type, [StringSyntax(StringSyntaxAttribute.Json)] string example, bool required = true)
        where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new BodyNote(type, required, required ? "One JSON object." : "One JSON object; an empty body takes all defaults.", example));

    public static TBuilder TakesAnyJson<TBuilder>(
        this TBuilder builder, string meaning, [StringSyntax(StringSyntaxAttribute.Json)] string example)
        where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new BodyNote(null, false, meaning, example));

    public static TBuilder Query<TBuilder>(
        this TBuilder builder, string name, string meaning, [StringSyntax(StringSyntaxAttribute.Json)] string schema = Text)
        where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new QueryNote(name, schema, meaning));

    public static TBuilder AnswersWith<TBuilder>(this TBuilder builder, params Type[] oneOf)
        where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new AnswerNote(oneOf));
}
