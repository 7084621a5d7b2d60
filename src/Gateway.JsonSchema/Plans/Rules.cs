using Gateway.JsonSchema.Formats;
using Gateway.JsonSchema.Numbers;
using Gateway.JsonSchema.Patterns;

namespace Gateway.JsonSchema.Plans;

/// <summary>What a schema asks of numbers.</summary>
internal sealed record NumberRules(
    NumberConstant? Minimum, NumberConstant? ExclusiveMinimum, NumberConstant? Maximum, NumberConstant? ExclusiveMaximum, Divisor? MultipleOf)
{
    /// <summary>The bounds, ready for the numbers that instances usually hold.</summary>
    public CompactRanges Ranges { get; } = new(Minimum, ExclusiveMinimum, Maximum, ExclusiveMaximum);
}

/// <summary>What a schema asks of strings. Lengths count code points.</summary>
internal sealed record StringRules(long MinLength, long MaxLength, NamedPattern? Pattern, NamedFormat? Format);

/// <summary>A pattern and its text in the schema.</summary>
internal sealed record NamedPattern(string Text, Pattern Pattern);

/// <summary>A format and its name.</summary>
internal sealed record NamedFormat(string Name, FormatCheck Check)
{
    // A regular expression is parsed, the others are read.
    private readonly int _workOfTwoBytes = Name == "regex" ? 8 : 1;

    /// <summary>Steps that checking a text of so many bytes costs.</summary>
    public int WorkOf(int bytes) => _workOfTwoBytes * (bytes >> 1);
}

/// <summary>What a schema asks of arrays.</summary>
internal sealed class ArrayRules
{
    public long MinItems;
    public long MaxItems = long.MaxValue;
    public bool UniqueItems;

    /// <summary>Whether items are looked at one by one and nothing else is asked.</summary>
    public bool ByPositionOnly => Contains is null && Unevaluated is null;

    /// <summary>Schemas of the first items: <c>prefixItems</c>, or <c>items</c> as an array before 2020-12.</summary>
    public Node[] Prefix = [];

    /// <summary><see cref="Prefix"/> for the fast pass: with nodes that only refer to others skipped.</summary>
    public Node[] DirectPrefix = [];

    /// <summary>Schema of the items after the prefix: <c>items</c>, or <c>additionalItems</c> before 2020-12.</summary>
    public Node? Rest;

    /// <summary>Whether <see cref="Rest"/> is written as <c>additionalItems</c>, and the prefix as <c>items</c>.</summary>
    public bool HasTupleItems;

    public Node? Contains;
    public long MinContains = 1;
    public long MaxContains = long.MaxValue;

    /// <summary>Whether items that <see cref="Contains"/> accepts count as evaluated (2020-12).</summary>
    public bool ContainsMarks;

    public Node? Unevaluated;
}

/// <summary>What a schema asks of objects. Names it mentions are numbered by <see cref="Names"/>.</summary>
internal sealed class ObjectRules(NameMap names)
{
    public readonly NameMap Names = names;

    /// <summary>Schemas by name number; <see langword="null"/> for names that only other keywords mention.</summary>
    public Node?[] Properties = [];

    /// <summary><see cref="Properties"/> for the fast pass: with nodes that only refer to others skipped.</summary>
    public Node?[] Direct = [];

    /// <summary>The same with the names, where <see cref="ByNameOnly"/> is set.</summary>
    public Member[] Members = [];

    public int[] Required = [];

    /// <summary>Bits of <see cref="Required"/>, where there are at most 64 names.</summary>
    public ulong RequiredMask;
    public PatternRule[] Patterns = [];
    public Node? Additional;
    public Node? PropertyNames;
    public Node? Unevaluated;
    public long MinProperties;
    public long MaxProperties = long.MaxValue;
    public DependentNames[] DependentRequired = [];
    public DependentSchema[] DependentSchemas = [];

    /// <summary>Whether members are looked at by name alone, with presence in one word.</summary>
    public bool ByNameOnly;
}

/// <summary>One member of <c>patternProperties</c>.</summary>
internal sealed record PatternRule(NamedPattern Pattern, Node Schema);

/// <summary>Names that must be present when another is.</summary>
/// <param name="FromDependencies">Whether it is written as <c>dependencies</c>.</param>
internal sealed record DependentNames(int Trigger, int[] Needed, bool FromDependencies);

/// <summary>A schema that applies to the object when a name is present.</summary>
/// <param name="FromDependencies">Whether it is written as <c>dependencies</c>.</param>
internal sealed record DependentSchema(int Trigger, Node Schema, bool FromDependencies);

/// <summary>A member whose string value tells which alternative can fit: every alternative requires it, with values of its own.</summary>
/// <param name="Name">The member's name.</param>
/// <param name="Hash">Its <see cref="Tape.NameHash"/>.</param>
/// <param name="Values">All values of all alternatives.</param>
/// <param name="Branches">The alternative by the number of the value.</param>
internal sealed record Discriminator(byte[] Name, uint Hash, NameMap Values, Node[] Branches);
