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

        for (var i = offset; i < offset + words; i++)
        {
            _words[i] = 0;
        }

        _used = offset + words;
        return offset;
    }

    /// <summary>Frees a set and all that were pushed after it.</summary>
    public void Pop(int offset) => _used = offset;

    public void Set(int offset, int bit) => _words[offset + (bit >> 6)] |= 1UL << (bit & 63);

    public bool Has(int offset, int bit) => (_words[offset + (bit >> 6)] >> (bit & 63) & 1) != 0;

    /// <summary>Adds the first 64 bits at once.</summary>
    public void SetFirst(int offset, ulong bits) => _words[offset] |= bits;

    public void SetAll(int offset, int bits)
    {
        for (; bits >= 64; bits -= 64)
        {
            _words[offset++] = ulong.MaxValue;
        }

        if (bits > 0)
        {
            _words[offset] |= (1UL << bits) - 1;
        }
    }

    public bool HasAll(int offset, int bits)
    {
        for (; bits >= 64; bits -= 64)
        {
            if (_words[offset++] != ulong.MaxValue)
            {
                return false;
            }
        }

        var rest = (1UL << bits) - 1;
        return bits == 0 || (_words[offset] & rest) == rest;
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
