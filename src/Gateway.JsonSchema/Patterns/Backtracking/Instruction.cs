namespace Gateway.JsonSchema.Patterns.Backtracking;

/// <summary>What an <see cref="Instruction"/> does.</summary>
internal enum OperationKind : byte
{
    /// <summary>Consumes one code point of set A.</summary>
    Consume,

    /// <summary>Goes to A; where that fails, to B.</summary>
    Fork,

    /// <summary>Goes to A.</summary>
    Jump,

    /// <summary>Writes the place into register A.</summary>
    Save,

    /// <summary>Begins the rounds of loop A.</summary>
    BeginLoop,

    /// <summary>Decides whether loop A goes round again or on to B.</summary>
    NextRound,

    /// <summary>The <see cref="Syntax.AnchorKind"/> A must hold.</summary>
    Anchor,

    /// <summary>What capture group A holds must follow.</summary>
    BackReference,

    /// <summary>The instructions up to B must match here (or must not, where A is 1), then the search goes on at B.</summary>
    Look,

    /// <summary>The pattern, or the body of a look-around, has matched.</summary>
    Accept,
}

/// <summary>One instruction of a <see cref="BacktrackingProgram"/>; <paramref name="Backward"/> is set inside look-behind, which reads to the left.</summary>
internal readonly record struct Instruction(OperationKind Kind, int A, int B, bool Backward);

/// <summary>A counted loop: its limits, its registers, and the registers of the capture groups that each round forgets.</summary>
internal readonly record struct Loop(int Min, int Max, bool Lazy, int Count, int LastPlace, int FirstForgotten, int LastForgotten);
