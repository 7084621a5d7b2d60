using System.Buffers;

namespace Gateway.JsonSchema.Evaluator;

/// <summary>
/// Bit sets on a stack: which members or items were evaluated, which names are present. A set is named by its offset, so growing moves nothing
/// the caller holds.
/// </summary>
internal sealed class MarkStack
{
    private const int KeptWords = 1 << 14;

    private ulong[] _words = new ulong[256];
    private int _used;

    /// <summary>An empty set of at least this many bits.</summary>
    public int Push(int bits)
    {
        var words = (bits + 63) >> 6;
        var offset = _used;
        if (_words.Length - offset < words)
        {
            Grow(offset + words);
        }

        _words.AsSpan(offset, words).Clear();
        _used = offset + words;
        return offset;
    }

    /// <summary>Frees a set and all that were pushed after it.</summary>
    public void Pop(int offset) => _used = offset;

    public void Set(int offset, int bit) => _words[offset + (bit >> 6)] |= 1UL << (bit & 63);

    public bool Has(int offset, int bit) => (_words[offset + (bit >> 6)] >> (bit & 63) & 1) != 0;

    public void SetAll(int offset, int bits)
    {
        for (var i = 0; i < bits; i++)
        {
            Set(offset, i);
        }
    }

    public void Union(int target, int source, int bits)
    {
        for (var i = 0; i < (bits + 63) >> 6; i++)
        {
            _words[target + i] |= _words[source + i];
        }
    }

    public void Trim()
    {
        _used = 0;
        if (_words.Length > KeptWords)
        {
            ArrayPool<ulong>.Shared.Return(_words);
            _words = ArrayPool<ulong>.Shared.Rent(KeptWords);
        }
    }

    private void Grow(int atLeast)
    {
        var larger = ArrayPool<ulong>.Shared.Rent(Math.Max(atLeast, _words.Length * 2));
        _words.AsSpan(0, _used).CopyTo(larger);
        ArrayPool<ulong>.Shared.Return(_words);
        _words = larger;
    }
}
