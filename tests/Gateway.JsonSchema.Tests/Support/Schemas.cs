using System.Text;

namespace Gateway.JsonSchema.Tests.Support;

/// <summary>Short ways to compile and validate in tests.</summary>
internal static class Schemas
{
    public static JsonSchema Compile(string schema, SchemaOptions? options = null) =>
        JsonSchema.Compile(Encoding.UTF8.GetBytes(schema), options) switch
        {
            CompileResult.Compiled compiled => compiled.Schema,
            CompileResult.Refused refused => throw new Xunit.Sdk.XunitException($"Refused: {string.Join("; ", refused.Errors)}"),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    public static IReadOnlyList<SchemaError> Refuse(string schema, SchemaOptions? options = null) =>
        Assert.IsType<CompileResult.Refused>(JsonSchema.Compile(Encoding.UTF8.GetBytes(schema), options)).Errors;

    public static Verdict Validate(this JsonSchema schema, string instance) => schema.Validate(Encoding.UTF8.GetBytes(instance));

    public static VerdictKind Judge(string schema, string instance) => Compile(schema).Validate(instance).Kind;
}
