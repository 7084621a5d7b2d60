using System.Security.Cryptography;

namespace Gateway.JsonSchema;

/// <summary>
/// Compiled schemas by content: the same bytes under the same options are compiled once and shared. Bounded; the least recently used schema
/// goes first. Safe for use by many threads at once.
/// </summary>
public sealed class SchemaCache
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Key, LinkedListNode<(Key Key, CompileResult Result)>> _entries = [];
    private readonly LinkedList<(Key Key, CompileResult Result)> _recent = new();
    private readonly int _capacity;

    /// <param name="capacity">How many schemas are kept; at least 1.</param>
    public SchemaCache(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _capacity = capacity;
    }

    /// <summary>Schemas held now.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _entries.Count;
            }
        }
    }

    /// <summary>The compiled schema for these bytes, from the cache or compiled now. Refusals are kept as well.</summary>
    /// <remarks>Compilation runs outside the lock: two threads that meet a new schema at once may both compile it, and get the same one.</remarks>
    public CompileResult GetOrCompile(ReadOnlySpan<byte> schema, SchemaOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var key = Key.Of(schema, options);
        return Find(key) ?? Add(key, JsonSchema.Compile(schema, options));
    }

    private CompileResult? Find(in Key key)
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue(key, out var entry))
            {
                return null;
            }

            _recent.Remove(entry);
            _recent.AddFirst(entry);
            return entry.Value.Result;
        }
    }

    private CompileResult Add(in Key key, CompileResult result)
    {
        lock (_lock)
        {
            if (_entries.TryGetValue(key, out var earlier))
            {
                return earlier.Value.Result;
            }

            _entries[key] = _recent.AddFirst((key, result));
            if (_entries.Count > _capacity)
            {
                _entries.Remove(_recent.Last!.Value.Key);
                _recent.RemoveLast();
            }

            return result;
        }
    }

    // The full digest is compared: nobody can make two schemas share an entry.
    private readonly record struct Key(UInt128 High, UInt128 Low, SchemaOptions Options)
    {
        public static Key Of(ReadOnlySpan<byte> schema, SchemaOptions options)
        {
            Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(schema, digest);
            return new Key(
                System.Buffers.Binary.BinaryPrimitives.ReadUInt128LittleEndian(digest),
                System.Buffers.Binary.BinaryPrimitives.ReadUInt128LittleEndian(digest[16..]), options);
        }
    }
}
