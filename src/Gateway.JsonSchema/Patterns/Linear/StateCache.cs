using System.Diagnostics.CodeAnalysis;

namespace Gateway.JsonSchema.Patterns.Linear;

/// <summary>
/// The states that an automaton has reached so far. All caches of the process share one soft limit, so that many patterns with many
/// states each cannot fill the memory: beyond it, each keeps no more than a little.
/// </summary>
internal sealed class StateCache
{
    /// <summary>Eight-byte cells that all caches together may hold: 128 MB.</summary>
    private const long SharedCells = 1 << 24;

    private const int SmallShare = 1 << 12;

    private static long s_sharedCells;

    private readonly Dictionary<Key, State> _states = new(KeyComparer.Instance);
    private long _cells;

    // Whoever scans may still hold states of a cache that was given up; only the collector knows when they are gone.
    ~StateCache() => Interlocked.Add(ref s_sharedCells, -_cells);

    internal State? Initial { get; set; }

    internal bool HasRoomFor(int cells, int limit) =>
        _cells == 0 || (_cells + cells <= limit && (_cells + cells <= SmallShare || Volatile.Read(ref s_sharedCells) + cells <= SharedCells));

    internal bool TryFind(ReadOnlySpan<ulong> nodes, bool afterWord, bool accepted, [NotNullWhen(true)] out State? state) =>
        _states.GetAlternateLookup<Sought>().TryGetValue(new Sought(nodes, afterWord, accepted), out state);

    internal State Add(State state)
    {
        _states.Add(new Key(state.Nodes, state.AfterWord, state.Accepted), state);
        var cells = state.Nodes.Length + state.Next.Length;
        _cells += cells;
        Interlocked.Add(ref s_sharedCells, cells);
        return state;
    }

    private readonly record struct Key(ulong[] Nodes, bool AfterWord, bool Accepted);

    private readonly ref struct Sought(ReadOnlySpan<ulong> nodes, bool afterWord, bool accepted)
    {
        internal ReadOnlySpan<ulong> Nodes { get; } = nodes;

        internal bool AfterWord { get; } = afterWord;

        internal bool Accepted { get; } = accepted;
    }

    private sealed class KeyComparer : IEqualityComparer<Key>, IAlternateEqualityComparer<Sought, Key>
    {
        internal static KeyComparer Instance { get; } = new();

        public bool Equals(Key x, Key y) => Equals(new Sought(x.Nodes, x.AfterWord, x.Accepted), y);

        public bool Equals(Sought alternate, Key other) =>
            alternate.AfterWord == other.AfterWord && alternate.Accepted == other.Accepted && alternate.Nodes.SequenceEqual(other.Nodes);

        public int GetHashCode(Key key) => GetHashCode(new Sought(key.Nodes, key.AfterWord, key.Accepted));

        public int GetHashCode(Sought alternate)
        {
            var hash = (ulong)(alternate.AfterWord ? 1 : 0) + (alternate.Accepted ? 2UL : 0UL);
            foreach (var word in alternate.Nodes)
            {
                hash = ((hash ^ word) * 0x9E3779B97F4A7C15UL) ^ (hash >> 29);
            }

            return (int)(hash >> 32);
        }

        public Key Create(Sought alternate) => new(alternate.Nodes.ToArray(), alternate.AfterWord, alternate.Accepted);
    }
}
