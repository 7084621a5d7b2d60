namespace Gateway.JsonSchema.Patterns.Syntax;

/// <summary>A condition on a place in the string that looks at no more than the code points beside it.</summary>
internal enum AnchorKind
{
    /// <summary><c>^</c> without the <c>m</c> flag.</summary>
    Start,

    /// <summary><c>$</c> without the <c>m</c> flag: the very end, not the place before a last newline.</summary>
    End,

    /// <summary><c>\b</c>; word characters are those of <c>\w</c>.</summary>
    WordBoundary,

    /// <summary><c>\B</c></summary>
    NotWordBoundary,
}
