using System.Numerics;
using System.Runtime.CompilerServices;

namespace Gateway.JsonSchema.Plans;

/// <summary>
/// An exact map from member names to small numbers, keyed by the hash the tape already holds: one probe and one comparison for most names.
/// </summary>
internal sealed class NameMap
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
            var hash = Tape.NameHash.Compute(names[i]);
            var slot = hash & (uint)(_table.Length - 1);
            while (_table[slot].Number != 0)
            {
                slot = (slot + 1) & (uint)(_table.Length - 1);
            }

            _table[slot] = new Slot { Hash = hash, Number = i + 1 };
        }
    }

    public int Count => _names.Length;

    public byte[] this[int number] => _names[number];

    /// <summary>The number of a name, or -1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Find(uint hash, ReadOnlySpan<byte> name)
    {
        var table = _table;
        var slot = hash & (uint)(table.Length - 1);
        while (true)
        {
            ref var entry = ref table[slot];
            if (entry.Number == 0)
            {
                return -1;
            }

            if (entry.Hash == hash && name.SequenceEqual(_names[entry.Number - 1]))
            {
                return entry.Number - 1;
            }

            slot = (slot + 1) & (uint)(table.Length - 1);
        }
    }

    private struct Slot
    {
        public uint Hash;

        /// <summary>One more than the number; zero marks an empty slot.</summary>
        public int Number;
    }
}
