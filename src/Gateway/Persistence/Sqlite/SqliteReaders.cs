using System.Collections.Concurrent;

namespace Gateway.Persistence.Sqlite;

/// <summary>
/// Read-only connections with their prepared statements. A read takes microseconds and blocks its thread for them; nobody
/// holds a connection while waiting for anything else.
/// </summary>
internal sealed class SqliteReaders(string path) : IDisposable
{
    private readonly ConcurrentBag<Reader> idle = [];

    public T Read<T, TState>(TState state, Func<Reader, TState, T> query)
    {
        if (!idle.TryTake(out var reader))
        {
            reader = new Reader(SqliteDatabase.OpenReader(path));
        }

        T answer;
        try
        {
            answer = query(reader, state);
        }
        catch
        {
            // A connection that met a broken disk may hold what it read before: the next call gets a new one.
            reader.Dispose();
            throw;
        }

        idle.Add(reader);
        return answer;
    }

    public void Dispose()
    {
        while (idle.TryTake(out var reader))
        {
            reader.Dispose();
        }
    }

    internal sealed class Reader(SqliteDatabase database) : IDisposable
    {
        public ActivityReader Activities { get; } = new(database);

        public OutboxReader Outbox { get; } = new(database);

        public void Dispose() => database.Dispose();
    }
}
