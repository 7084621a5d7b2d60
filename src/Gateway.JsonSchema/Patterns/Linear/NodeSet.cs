using System.Numerics;

namespace Gateway.JsonSchema.Patterns.Linear;

/// <summary>Room to follow the nodes of an automaton: what was seen, what is still to follow, and what is kept of it.</summary>
internal sealed class NodeSet(int nodes)
{
    private readonly ulong[] _seen = new ulong[(nodes + 63) / 64];
    private readonly int[] _pending = new int[nodes];
    private readonly int[] _kept = new int[nodes];
    private int _pendingCount;
    private int _keptCount;

    /// <summary>The kept nodes as bits.</summary>
    internal ulong[] Words { get; } = new ulong[(nodes + 63) / 64];

    internal ReadOnlySpan<int> Kept => _kept.AsSpan(0, _keptCount);

    internal int Visited { get; private set; }

    internal bool IsEmpty => _keptCount == 0;

    internal void Clear()
    {
        Array.Clear(_seen);
        Array.Clear(Words);
        (_pendingCount, _keptCount, Visited) = (0, 0, 0);
    }

    internal void Push(int node)
    {
        ref var word = ref _seen[node >> 6];
        var bit = 1UL << node;
        if ((word & bit) == 0)
        {
            word |= bit;
            _pending[_pendingCount++] = node;
            Visited++;
        }
    }

    internal void PushAll(ulong[] bits)
    {
        for (var i = 0; i < bits.Length; i++)
        {
            for (var rest = bits[i]; rest != 0; rest &= rest - 1)
            {
                Push(i * 64 + BitOperations.TrailingZeroCount(rest));
            }
        }
    }

    /// <summary>Keeps nodes that are known to need no following.</summary>
    internal void KeepAll(ulong[] bits)
    {
        for (var i = 0; i < bits.Length; i++)
        {
            for (var rest = bits[i]; rest != 0; rest &= rest - 1)
            {
                _kept[_keptCount++] = i * 64 + BitOperations.TrailingZeroCount(rest);
            }
        }

        Visited += _keptCount;
    }

    internal bool TryPop(out int node)
    {
        node = _pendingCount > 0 ? _pending[--_pendingCount] : -1;
        return node >= 0;
    }

    internal void Keep(int node)
    {
        Words[node >> 6] |= 1UL << node;
        _kept[_keptCount++] = node;
    }

    internal void Restore(ulong[] words, int[] kept)
    {
        Clear();
        words.CopyTo(Words, 0);
        kept.CopyTo(_kept, 0);
        _keptCount = kept.Length;
    }
}
