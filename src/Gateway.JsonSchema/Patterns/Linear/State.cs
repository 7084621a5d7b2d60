namespace Gateway.JsonSchema.Patterns.Linear;

/// <summary>One state of a <see cref="LazyAutomaton"/>: the nodes it can be in, and where each symbol leads as far as that is known.</summary>
internal sealed class State(ulong[] nodes, int symbols)
{
    /// <summary>A match was found; nothing that follows changes it.</summary>
    internal static State Matched { get; } = new([], 0) { Accepted = true, IsFinal = true };

    /// <summary>No match can be found any more.</summary>
    internal static State Failed { get; } = new([], 0) { IsFinal = true };

    internal State?[] Next { get; } = new State?[symbols];

    internal ulong[] Nodes { get; } = nodes;

    /// <summary>Whether any of the nodes waits for something else than a code point.</summary>
    internal bool HasConditions { get; init; }

    internal bool AtStart { get; init; }

    internal bool AfterWord { get; init; }

    /// <summary>Whether a match ended at the place that the step into this state has left.</summary>
    internal bool Accepted { get; init; }

    internal bool IsFinal { get; private init; }
}
