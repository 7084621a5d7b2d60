using Gateway.JsonSchema.Compiler;
using Gateway.JsonSchema.Numbers;
using Gateway.JsonSchema.Tape;

namespace Gateway.JsonSchema.Plans;

/// <summary>Sets of JSON types: bit <c>n</c> is <see cref="JsonKind"/> <c>n</c>; a name counts as a string.</summary>
[Flags]
internal enum TypeSet : ushort
{
    None = 0,
    Null = 1 << JsonKind.Null,
    Boolean = (1 << JsonKind.False) | (1 << JsonKind.True),
    Number = 1 << JsonKind.Number,
    String = (1 << JsonKind.String) | (1 << JsonKind.Name),
    Array = 1 << JsonKind.Array,
    Object = 1 << JsonKind.Object,

    /// <summary>Numbers without fractional part; looked at only where <see cref="Number"/> is absent.</summary>
    Integer = 1 << 8,

    All = Null | Boolean | Number | String | Array | Object,
}

/// <summary>A subschema that applies to the same value, and the keyword that says so.</summary>
/// <param name="Index">Position in the keyword's array, or -1.</param>
internal readonly record struct Edge(Node Node, Keyword Keyword, int Index = -1);

/// <summary>What the fast pass has to look at, decided once by <see cref="Planner"/>.</summary>
internal enum Plan : byte
{
    /// <summary>Everything: combinations, marks, rules for several kinds.</summary>
    General,

    /// <summary>Nothing beyond the type.</summary>
    TypeOnly,

    /// <summary>Type, and rules for numbers.</summary>
    Number,

    /// <summary>Type, and rules for strings.</summary>
    Text,

    /// <summary>One list of values, and possibly a type.</summary>
    Listed,

    /// <summary>Type, listed values, rules for numbers and strings.</summary>
    Scalar,

    /// <summary>Type, and members by name: declared ones, what is required, what is additional; at most 64 names.</summary>
    Members,

    /// <summary>Type, and items by position.</summary>
    Items,
}

/// <summary>
/// One compiled subschema. Nodes form a graph (references close circles through child values only) that is not changed after
/// compilation, so any number of threads may walk it.
/// </summary>
internal sealed class Node(SchemaPlace place, int number)
{
    public SchemaPlace Place { get; } = place;

    public int Number { get; } = number;

    public TypeSet Types = TypeSet.All;

    public Plan Plan;

    /// <summary>The kinds of values that fit as they are: nothing is asked of them beyond the type.</summary>
    public TypeSet Accepts;

    /// <summary>
    /// For <see cref="Plan.Number"/> and <see cref="Plan.TypeOnly"/>: by the number of decimals, the mantissas of compact numbers that surely fit. Of others it says nothing.
    /// </summary>
    public CompactRanges.Range[] Fitting = [];

    /// <summary>The node to evaluate in place of this one: the one it only refers to, or one that says the same in fewer looks.</summary>
    public Node Direct = null!;

    /// <summary>URI of this node, written out at its first violation; racing threads write the same.</summary>
    public string? AbsoluteLocation;

    /// <summary>Whether the schema is the literal <c>false</c>.</summary>
    public bool IsFalse;

    public ValueSet? Const;
    public ValueSet? Enum;
    public NumberRules? Numbers;
    public StringRules? Strings;
    public ArrayRules? Arrays;
    public ObjectRules? Objects;

    /// <summary>References and <c>allOf</c>: every one has to hold.</summary>
    public Edge[] All = [];

    public Node[] AnyOf = [];
    public Node[] OneOf = [];

    /// <summary>Picks the one branch of <see cref="OneOf"/> or <see cref="AnyOf"/> that can fit an object, where a member tells.</summary>
    public Discriminator? OneOfBy;
    public Discriminator? AnyOfBy;
    public Node? Not;
    public Node? If;
    public Node? Then;
    public Node? Else;

    /// <summary>Whether this node, by itself or through nodes at the same value, can evaluate members or items that an <c>unevaluated*</c> asks for.</summary>
    public bool Marks;

    /// <summary>Whether every value fits: nothing to do.</summary>
    public bool IsTrue;

    /// <summary>Whether anything but the kind of the value and its own rules has to be looked at.</summary>
    public bool Combines => All.Length > 0 || AnyOf.Length > 0 || OneOf.Length > 0 || Not is not null || If is not null;

    /// <summary>Nodes that apply to the same value.</summary>
    public IEnumerable<Node> InPlace()
    {
        foreach (var edge in All)
        {
            yield return edge.Node;
        }

        foreach (var node in AnyOf.Concat(OneOf))
        {
            yield return node;
        }

        foreach (var node in new[] { Not, If, Then, Else })
        {
            if (node is not null)
            {
                yield return node;
            }
        }

        foreach (var dependent in Objects?.DependentSchemas ?? [])
        {
            yield return dependent.Schema;
        }
    }
}
