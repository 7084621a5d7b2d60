using Gateway.JsonSchema.Patterns.Unicode;

namespace Gateway.JsonSchema.Patterns.Syntax;

/// <summary>A part of a parsed pattern.</summary>
internal abstract class PatternNode
{
    private PatternNode()
    {
    }

    /// <summary>Matches the empty string.</summary>
    internal sealed class Empty : PatternNode
    {
        internal static Empty Instance { get; } = new();
    }

    /// <summary>One code point out of a set.</summary>
    internal sealed class OneOf(CodePointSet set) : PatternNode
    {
        internal CodePointSet Set { get; } = set;
    }

    internal sealed class Sequence(PatternNode[] parts) : PatternNode
    {
        internal PatternNode[] Parts { get; } = parts;
    }

    internal sealed class Choice(PatternNode[] branches) : PatternNode
    {
        internal PatternNode[] Branches { get; } = branches;
    }

    /// <summary>The body at least <c>Min</c> and at most <c>Max</c> times; <see cref="Unbounded"/> stands for no upper limit.</summary>
    internal sealed class Repeat(PatternNode body, int min, int max, bool lazy) : PatternNode
    {
        internal const int Unbounded = int.MaxValue;

        internal PatternNode Body { get; } = body;

        internal int Min { get; } = min;

        internal int Max { get; } = max;

        internal bool Lazy { get; } = lazy;

        /// <summary>The capture groups inside the body: every round forgets what they held (ECMA-262 section 22.2.2.3.1).</summary>
        internal int FirstGroup { get; init; }

        internal int LastGroup { get; init; }
    }

    /// <summary>A capture group, numbered from 1.</summary>
    internal sealed class Group(int number, PatternNode body) : PatternNode
    {
        internal int Number { get; } = number;

        internal PatternNode Body { get; } = body;
    }

    internal sealed class Anchor(AnchorKind kind) : PatternNode
    {
        internal AnchorKind Kind { get; } = kind;
    }

    /// <summary>Look-ahead or look-behind.</summary>
    internal sealed class Look(PatternNode body, bool behind, bool negative) : PatternNode
    {
        internal PatternNode Body { get; } = body;

        internal bool Behind { get; } = behind;

        internal bool Negative { get; } = negative;
    }

    /// <summary>What a group captured; the group of a named reference is known only when the whole pattern has been read.</summary>
    internal sealed class BackReference : PatternNode
    {
        internal int Target { get; set; }
    }
}
