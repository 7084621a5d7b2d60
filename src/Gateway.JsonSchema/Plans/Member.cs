using System.Runtime.CompilerServices;
using Gateway.JsonSchema.Tape;

namespace Gateway.JsonSchema.Plans;

/// <summary>All that the fast pass needs of one declared member, side by side in memory.</summary>
internal readonly struct Member
{
    private readonly uint _hash;
    private readonly int _length;
    private readonly NameWords _words;

    /// <summary>What the value has to fit, additional schemas included; <see langword="null"/> when anything fits.</summary>
    public readonly Node? Schema;

    /// <summary>The kinds of values that fit as they are.</summary>
    public readonly TypeSet Accepts;

    private Member(byte[] name, Node? schema)
    {
        (_hash, _length, _words) = (NameHash.Compute(name), name.Length, NameWords.Of(name));
        (Schema, Accepts) = (schema, schema?.Accepts ?? TypeSet.All);
    }

    // Stands behind the last one and is never met.
    private Member(int length) => _length = length;

    /// <summary>The members of an object in the order of their numbers, and one that no name meets.</summary>
    public static Member[] Of(ObjectRules rules) =>
        [.. Enumerable.Range(0, rules.Names.Count).Select(number => new Member(rules.Names[number], rules.Direct[number] ?? rules.Additional?.Direct)), new Member(-1)];

    /// <summary>Whether a name row of the text surely holds this member's name; a long name is left to the map.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public unsafe bool Is(Row* name, byte* text)
    {
        if (name->Hash != _hash || name->Length != _length || name->Tag != Row.PlainName || _length > NameWords.MaxExactLength)
        {
            return false;
        }

        var words = NameWords.OfPadded(text + name->Start, _length);
        return words.First == _words.First && words.Last == _words.Last;
    }
}
