using System.Runtime.Intrinsics;
using Gateway.JsonSchema.Compiler;
using Gateway.JsonSchema.Evaluator;
using Gateway.JsonSchema.Numbers;
using Gateway.JsonSchema.Tape;

namespace Gateway.JsonSchema.Plans;

/// <summary>The values of <c>const</c> or <c>enum</c>, sorted by kind so that most questions are one comparison.</summary>
internal sealed class ValueSet
{
    // A handful of strings is compared faster than hashed.
    private const int FewStrings = 8;

    // Leaves a byte of two words for the length.
    private const int ShortLength = 15;

    private readonly SchemaDocument _document;
    private readonly TypeSet _literals;
    private readonly NameMap? _manyStrings;

    // The few strings, where all are short, as words of their first and last bytes, the length in the topmost; whole vectors of them.
    private readonly ulong[] _firstWords = [];
    private readonly ulong[] _lastWords = [];
    private readonly byte[][] _fewStrings;
    private readonly NumberConstant[] _numbers;
    private readonly int[] _containers;

    /// <summary>Rows of numbers and containers by hash; used where there are many.</summary>
    private readonly Dictionary<uint, List<int>>? _byHash;

    public ValueSet(SchemaDocument document, IReadOnlyList<int> rows)
    {
        _document = document;
        foreach (var row in rows)
        {
            var kind = document.Kind(row);
            _literals |= kind <= JsonKind.True ? (TypeSet)(1 << (int)kind) : TypeSet.None;
        }

        byte[][] strings = [.. rows.Where(row => document.Kind(row) == JsonKind.String).Select(document.Utf8)];
        strings = Distinct(strings);
        (_fewStrings, _manyStrings) = strings.Length <= FewStrings ? (strings, null) : (Array.Empty<byte[]>(), new NameMap(strings));
        if (_fewStrings.Length > 0 && Array.TrueForAll(_fewStrings, text => text.Length <= ShortLength))
        {
            var count = (_fewStrings.Length + Vector256<ulong>.Count - 1) / Vector256<ulong>.Count * Vector256<ulong>.Count;
            var words = Enumerable.Range(0, count).Select(i => _fewStrings[Math.Min(i, _fewStrings.Length - 1)]).Select(text => (NameWords.Of(text), text.Length)).ToArray();
            _firstWords = [.. words.Select(text => text.Item1.First)];
            _lastWords = [.. words.Select(text => LastWord(text.Item1, text.Length))];
        }

        _numbers = [.. rows.Where(row => document.Kind(row) == JsonKind.Number).Select(row => new NumberConstant(document.View, row))];
        _containers = [.. rows.Where(row => document.Kind(row) is JsonKind.Array or JsonKind.Object)];
        _byHash = _numbers.Length + _containers.Length > FewStrings ? IndexByHash(document, rows) : null;
    }

    /// <summary>The only string, where the set is that one string and nothing else: what discriminators are made of.</summary>
    public byte[][]? OnlyStrings =>
        _literals == TypeSet.None && _numbers.Length == 0 && _containers.Length == 0 && _manyStrings is null && _fewStrings.Length > 0
            ? _fewStrings : null;

    public bool ContainsLiteral(JsonKind kind) => ((int)_literals >> (int)kind & 1) != 0;

    public bool ContainsString(ReadOnlySpan<byte> text) =>
        _firstWords.Length > 0 ? ContainsShort(text.Length, NameWords.Of(text)) : ContainsLong(text);

    /// <summary>The same for a text that is followed by sixteen readable bytes.</summary>
    public unsafe bool ContainsPadded(byte* text, int length) =>
        _firstWords.Length > 0 ? ContainsShort(length, NameWords.OfPadded(text, length)) : ContainsLong(new ReadOnlySpan<byte>(text, length));

    private bool ContainsLong(ReadOnlySpan<byte> text)
    {
        foreach (var candidate in _fewStrings)
        {
            if (text.SequenceEqual(candidate))
            {
                return true;
            }
        }

        return _manyStrings is not null && _manyStrings.Find(NameHash.Compute(text), text) >= 0;
    }

    // All candidates at once: which of them an instance holds cannot be guessed.
    private bool ContainsShort(int length, NameWords words)
    {
        var first = Vector256.Create(words.First);
        var last = Vector256.Create(LastWord(words, length));
        var equal = Vector256<ulong>.Zero;
        for (var i = 0; i < _firstWords.Length; i += Vector256<ulong>.Count)
        {
            equal |= Vector256.Equals(first, Vector256.LoadUnsafe(ref _firstWords[i])) & Vector256.Equals(last, Vector256.LoadUnsafe(ref _lastWords[i]));
        }

        return length <= ShortLength && equal != Vector256<ulong>.Zero;
    }

    private static ulong LastWord(NameWords words, int length) => words.Last | ((ulong)length << 56);

    /// <summary>Whether the number, array or object at a row is in the set.</summary>
    public bool ContainsOther(in JsonView view, int row, ref long steps)
    {
        if (_byHash is not null)
        {
            return ContainsByHash(view, row, ref steps);
        }

        if (view.Rows[row].Kind == JsonKind.Number)
        {
            foreach (var number in _numbers)
            {
                if (number.CompareFrom(view, row) == 0)
                {
                    return true;
                }
            }

            return false;
        }

        foreach (var container in _containers)
        {
            if (JsonEquality.Equal(view, row, _document.View, container, ref steps))
            {
                return true;
            }
        }

        return false;
    }

    private bool ContainsByHash(in JsonView view, int row, ref long steps)
    {
        if (!_byHash!.TryGetValue(JsonHash.Compute(view, row, ref steps), out var candidates))
        {
            return false;
        }

        foreach (var candidate in candidates)
        {
            if (JsonEquality.Equal(view, row, _document.View, candidate, ref steps))
            {
                return true;
            }
        }

        return false;
    }

    private static byte[][] Distinct(byte[][] strings) =>
        [.. strings.DistinctBy(text => System.Text.Encoding.UTF8.GetString(text))];

    private static Dictionary<uint, List<int>> IndexByHash(SchemaDocument document, IReadOnlyList<int> rows)
    {
        var index = new Dictionary<uint, List<int>>();
        var unlimited = long.MaxValue;
        foreach (var row in rows.Where(row => document.Kind(row) is JsonKind.Number or JsonKind.Array or JsonKind.Object))
        {
            var hash = JsonHash.Compute(document.View, row, ref unlimited);
            if (!index.TryGetValue(hash, out var same))
            {
                index[hash] = same = [];
            }

            same.Add(row);
        }

        return index;
    }
}
