using System.Numerics;
using System.Runtime.CompilerServices;
using Gateway.JsonSchema.Tape;

namespace Gateway.JsonSchema.Plans;

/// <summary>
/// An exact map from member names to small numbers, keyed by the hash the tape already holds: one probe, and two comparisons of words for names up
/// to sixteen bytes.
/// </summary>
internal sealed unsafe class NameMap
{
    private readonly Slot[] _table;
    private readonly byte[][] _names;

    /// <param name="names">Distinct names; their positions are the numbers.</param>
    public NameMap(byte[][] names)
    {
        _names = names;
        _table = new Slot[BitOperations.RoundUpToPowerOf2((uint)Math.Max(names.Length * 2, 2))];
        for (var i = 0; i < names.Length; i++)
        {
            var hash = NameHash.Compute(names[i]);
            var slot = hash & (uint)(_table.Length - 1);
            while (_table[slot].Number != 0)
            {
                slot = (slot + 1) & (uint)(_table.Length - 1);
            }

            _table[slot] = new Slot { Hash = hash, Number = i + 1, Length = names[i].Length, Words = NameWords.Of(names[i]) };
        }
    }

    public int Count => _names.Length;

    public byte[] this[int number] => _names[number];

    /// <summary>The number of a name, or -1.</summary>
    public int Find(uint hash, ReadOnlySpan<byte> name)
    {
        fixed (byte* text = name)
        {
            return Find(hash, NameWords.Of(name), text, name.Length);
        }
    }

    /// <summary>The number of a name that is followed by sixteen readable bytes, or -1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int FindPadded(uint hash, byte* name, int length) => Find(hash, NameWords.OfPadded(name, length), name, length);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Find(uint hash, NameWords words, byte* name, int length)
    {
        var table = _table;
        for (var slot = hash; ; slot++)
        {
            ref var entry = ref table[slot & (uint)(table.Length - 1)];
            if (entry.Number == 0)
            {
                return -1;
            }

            if (entry.Hash == hash && entry.Length == length && words.First == entry.Words.First && words.Last == entry.Words.Last
                && (length <= NameWords.MaxExactLength || IsSame(entry.Number, name, length)))
            {
                return entry.Number - 1;
            }
        }
    }

    private bool IsSame(int number, byte* name, int length) => new ReadOnlySpan<byte>(name, length).SequenceEqual(_names[number - 1]);

    private struct Slot
    {
        public uint Hash;

        /// <summary>One more than the number; zero marks an empty slot.</summary>
        public int Number;

        public int Length;
        public NameWords Words;
    }
}
