using System.Text;
using Gateway.JsonSchema.Plans;

namespace Gateway.JsonSchema.Compiler;

/// <summary>Every keyword that any supported draft gives a meaning to, annotations apart.</summary>
internal enum Keyword
{
    Id, Schema, Ref, Anchor, DynamicRef, DynamicAnchor, RecursiveRef, RecursiveAnchor, Defs, Definitions,
    Type, Const, Enum,
    MultipleOf, Minimum, Maximum, ExclusiveMinimum, ExclusiveMaximum,
    MinLength, MaxLength, Pattern, Format, ContentSchema,
    PrefixItems, Items, AdditionalItems, Contains, MinContains, MaxContains, MinItems, MaxItems, UniqueItems, UnevaluatedItems,
    Properties, PatternProperties, AdditionalProperties, PropertyNames, UnevaluatedProperties,
    MinProperties, MaxProperties, Required, DependentRequired, DependentSchemas, Dependencies,
    AllOf, AnyOf, OneOf, Not, If, Then, Else,
    Count,
}

/// <summary>Where a keyword's value holds subschemas.</summary>
internal enum SchemaPosition
{
    None,

    /// <summary>The value is a schema.</summary>
    Value,

    /// <summary>The value is an array of schemas.</summary>
    Items,

    /// <summary>The values of the members are schemas (members that are arrays of names, in <c>dependencies</c>, are not).</summary>
    Members,

    /// <summary>A schema or an array of schemas: <c>items</c> before 2020-12.</summary>
    ValueOrItems,
}

internal static class Keywords
{
    private static readonly string[] Names = [.. Enumerable.Range(0, (int)Keyword.Count).Select(keyword => Spell((Keyword)keyword))];

    private static readonly NameMap ByName = new([.. Names.Select(Encoding.UTF8.GetBytes)]);

    /// <summary>The keyword as written in a schema.</summary>
    public static string NameOf(Keyword keyword) => Names[(int)keyword];

    /// <summary>The keyword a name row stands for, or <see cref="Keyword.Count"/>.</summary>
    public static Keyword Find(SchemaDocument document, int nameRow)
    {
        var view = document.View;
        var found = ByName.Find(view.Rows[nameRow].Hash, view.Name(nameRow));
        return found < 0 ? Keyword.Count : (Keyword)found;
    }

    /// <summary>Value rows by keyword, 0 where absent. (Row 0 is the root and never the value of a member.)</summary>
    public static void Read(SchemaDocument document, int schemaRow, Span<int> values)
    {
        values.Clear();
        foreach (var name in document.Children(schemaRow))
        {
            var keyword = Find(document, name);
            if (keyword != Keyword.Count)
            {
                values[(int)keyword] = name + 1;
            }
        }
    }

    public static SchemaPosition PositionOf(Keyword keyword, Draft draft) => keyword switch
    {
        Keyword.Items => draft == Draft.V202012 ? SchemaPosition.Value : SchemaPosition.ValueOrItems,
        Keyword.PrefixItems => draft == Draft.V202012 ? SchemaPosition.Items : SchemaPosition.None,
        Keyword.AdditionalItems => draft == Draft.V202012 ? SchemaPosition.None : SchemaPosition.Value,
        Keyword.AllOf or Keyword.AnyOf or Keyword.OneOf => SchemaPosition.Items,
        Keyword.Defs or Keyword.DependentSchemas => draft == Draft.V7 ? SchemaPosition.None : SchemaPosition.Members,
        Keyword.Definitions or Keyword.Properties or Keyword.PatternProperties or Keyword.Dependencies => SchemaPosition.Members,
        Keyword.UnevaluatedItems or Keyword.UnevaluatedProperties or Keyword.ContentSchema =>
            draft == Draft.V7 ? SchemaPosition.None : SchemaPosition.Value,
        Keyword.AdditionalProperties or Keyword.PropertyNames or Keyword.Contains or Keyword.Not
            or Keyword.If or Keyword.Then or Keyword.Else => SchemaPosition.Value,
        _ => SchemaPosition.None,
    };

    private static string Spell(Keyword keyword)
    {
        var name = keyword.ToString();
        var camel = char.ToLowerInvariant(name[0]) + name[1..];
        return keyword <= Keyword.Defs ? "$" + camel : camel;
    }
}
