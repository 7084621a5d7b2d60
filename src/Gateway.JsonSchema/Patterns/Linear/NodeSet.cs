using System.Numerics;

namespace Gateway.JsonSchema.Patterns.Linear;

/// <summary>Room to follow the nodes of an automaton: what was seen, what is still to follow, and what is kept of it.</summary>
internal sealed class NodeSet
{
    [ThreadStatic]
    private static NodeSet? t_first;

    [ThreadStatic]
    private static NodeSet? t_second;

    private ulong[] _seen = [];
    private ulong[] _words = [];
    private int[] _pending = [];
    private int[] _kept = [];
    private int _wordCount;
    private int _pendingCount;
    private int _keptCount;

    /// <summary>The kept nodes as bits.</summary>
    internal ReadOnlySpan<ulong> Words => _words.AsSpan(0, _wordCount);

    internal ReadOnlySpan<int> Kept => _kept.AsSpan(0, _keptCount);

    internal int Visited { get; private set; }

    internal bool IsEmpty => _keptCount == 0;

    /// <summary>The thread's two sets, for an automaton of so many nodes; a set for every automaton would be most of its memory.</summary>
    internal static (NodeSet First, NodeSet Second) Borrow(int nodes)
    {
        t_first ??= new NodeSet();
        t_second ??= new NodeSet();
        t_first.Fit(nodes);
        t_second.Fit(nodes);
        return (t_first, t_second);
    }

    internal void Clear()
    {
        Array.Clear(_seen, 0, _wordCount);
        Array.Clear(_words, 0, _wordCount);
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
        _words[node >> 6] |= 1UL << node;
        _kept[_keptCount++] = node;
    }

    internal void Restore(ReadOnlySpan<ulong> words, ReadOnlySpan<int> kept)
    {
        Clear();
        words.CopyTo(_words);
        kept.CopyTo(_kept);
        _keptCount = kept.Length;
    }

    private void Fit(int nodes)
    {
        _wordCount = (nodes + 63) / 64;
        if (_pending.Length < nodes)
        {
            (_seen, _words) = (new ulong[_wordCount], new ulong[_wordCount]);
            (_pending, _kept) = (new int[nodes], new int[nodes]);
        }

        Clear();
    }
}
