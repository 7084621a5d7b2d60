using System.Buffers.Binary;
using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gateway.Activities;

namespace Gateway.Persistence;

/// <summary>The stored form of an activity's labels, one JSON object of strings.</summary>
[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class LabelsJson : JsonSerializerContext;

/// <summary>An activity's labels as they were read: parsed only when somebody looks at them, which a completion does not.</summary>
internal sealed class StoredLabels(byte[] json) : IReadOnlyDictionary<string, string>
{
    private static readonly Dictionary<string, string> None = [];

    private Dictionary<string, string>? parsed;

    private Dictionary<string, string> Parsed => parsed ??= JsonSerializer.Deserialize(json, LabelsJson.Default.DictionaryStringString)!;

    public int Count => Parsed.Count;

    public IEnumerable<string> Keys => Parsed.Keys;

    public IEnumerable<string> Values => Parsed.Values;

    public string this[string key] => Parsed[key];

    /// <param name="json">The stored form; empty for none.</param>
    public static IReadOnlyDictionary<string, string> Of(ReadOnlySpan<byte> json) => json.IsEmpty ? None : new StoredLabels(json.ToArray());

    /// <param name="json">The stored form; null for none.</param>
    public static IReadOnlyDictionary<string, string> Of(string? json) => json is null ? None : new StoredLabels(Encoding.UTF8.GetBytes(json));

    public bool ContainsKey(string key) => Parsed.ContainsKey(key);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out string value) => Parsed.TryGetValue(key, out value);

    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => Parsed.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>The key of the label index: a label's text may be long, eight bytes of its hash find it.</summary>
internal static class LabelHash
{
    private const int StackText = 512;

    public static long Of(string key, string value)
    {
        var most = Encoding.UTF8.GetMaxByteCount(key.Length + 1 + value.Length);
        var text = most <= StackText ? stackalloc byte[StackText] : new byte[most];
        var length = Encoding.UTF8.GetBytes(key, text);
        text[length++] = (byte)':';
        length += Encoding.UTF8.GetBytes(value, text[length..]);
        Span<byte> hash = stackalloc byte[Sha256.Size];
        Sha256.Hash(text[..length], hash);
        return BinaryPrimitives.ReadInt64BigEndian(hash);
    }
}
