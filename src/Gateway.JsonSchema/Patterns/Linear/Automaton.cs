namespace Gateway.JsonSchema.Patterns.Linear;

/// <summary>What a node of an <see cref="Automaton"/> does.</summary>
internal enum NodeKind : byte
{
    /// <summary>Consumes one code point of the set, then goes on to the next node.</summary>
    Consume,

    /// <summary>Goes on to two nodes at once.</summary>
    Fork,

    /// <summary>Goes on where the scan begins.</summary>
    AtStart,

    /// <summary>Goes on where the scan ends.</summary>
    AtEnd,

    /// <summary>Goes on where one neighbour is a word character and the other is not.</summary>
    WordBoundary,

    /// <summary>Goes on where there is no word boundary.</summary>
    NotWordBoundary,

    /// <summary>Goes on where a look-around, decided before for every place, holds.</summary>
    LookHolds,

    /// <summary>Goes on where a look-around does not hold.</summary>
    LookFails,

    /// <summary>A match ends here.</summary>
    Accept,
}

/// <summary>One node; <paramref name="Other"/> is the second way of a fork, the set of a consuming node or the number of a look-around.</summary>
internal readonly record struct Node(NodeKind Kind, int Next, int Other);

/// <summary>A nondeterministic automaton over character classes.</summary>
/// <param name="Nodes">Its nodes.</param>
/// <param name="Start">Where a match begins.</param>
/// <param name="Sets">The classes that consuming nodes accept, as bits.</param>
/// <param name="LookMask">The look-arounds that its nodes ask about, as bits.</param>
internal sealed record Automaton(Node[] Nodes, int Start, ulong[][] Sets, byte LookMask)
{
    internal bool AsksForWords { get; } = Array.Exists(Nodes, node => node.Kind is NodeKind.WordBoundary or NodeKind.NotWordBoundary);
}
