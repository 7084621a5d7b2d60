using Gateway.JsonSchema.Numbers;
using Gateway.JsonSchema.Plans;
using Gateway.JsonSchema.Tape;

namespace Gateway.JsonSchema.Output;

/// <summary>JSON Schema's names of types, for messages.</summary>
internal static class TypeNames
{
    private static readonly (TypeSet Type, string Name)[] Names =
    [
        (TypeSet.Null, "null"), (TypeSet.Boolean, "boolean"), (TypeSet.Integer, "integer"), (TypeSet.Number, "number"),
        (TypeSet.String, "string"), (TypeSet.Array, "array"), (TypeSet.Object, "object"),
    ];

    public static string Of(TypeSet types) => string.Join(" or ", Names.Where(entry => (types & entry.Type) != 0).Select(entry => entry.Name));

    public static string Of(in JsonView view, int row) => view.Rows[row].Kind switch
    {
        JsonKind.Null => "null",
        JsonKind.False or JsonKind.True => "boolean",
        JsonKind.Number => NumberConstant.IsInteger(view, row) ? "integer" : "number",
        JsonKind.Array => "array",
        JsonKind.Object => "object",
        _ => "string",
    };
}
