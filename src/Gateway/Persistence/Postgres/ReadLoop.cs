using System.Diagnostics;
using Npgsql;

namespace Gateway.Persistence.Postgres;

/// <summary>
/// Look-ups by key, coalesced: each of a few connections takes whatever waits and asks for all of it in one prepared
/// statement. A request costs one entry of a queue and no connection.
/// </summary>
/// <param name="sql">Takes the keys as its only parameter.</param>
/// <param name="bind">The parameter of some keys.</param>
/// <param name="map">A row's key and value; a key without a row has the default value.</param>
internal sealed class ReadLoop<TKey, TRow>(
    PostgresSource source, string sql, Func<IReadOnlyCollection<TKey>, NpgsqlParameter[]> bind, Func<NpgsqlDataReader, (TKey, TRow)> map,
    int connections, int maxWaiting)
    where TKey : notnull
{
    private const int MaxBatch = 256;

    private readonly Lock gate = new();
    private readonly Queue<Waiting> queue = new();
    private int running;

    public ValueTask<TRow?> ReadAsync(TKey key)
    {
        var waiting = new Waiting(key);
        lock (gate)
        {
            if (queue.Count >= maxWaiting)
            {
                return ValueTask.FromException<TRow?>(new OverloadedException());
            }

            queue.Enqueue(waiting);
            if (running == connections)
            {
                return new(waiting.Task);
            }

            running++;
        }

        _ = Task.Run(RunAsync);
        return new(waiting.Task);
    }

    /// <summary>Goes on while something waits, and gives the connection back when nothing does.</summary>
    private async Task RunAsync()
    {
        NpgsqlConnection? connection = null;
        var batch = new List<Waiting>(MaxBatch);
        while (Take(batch))
        {
            connection = await AnswerAsync(connection, batch);
            batch.Clear();

            // Behind those who were just answered, as in the commit loop: the next read is for more of them.
            await Task.Yield();
        }

        await CloseAsync(connection);
    }

    private bool Take(List<Waiting> batch)
    {
        lock (gate)
        {
            while (batch.Count < MaxBatch && queue.TryDequeue(out var waiting))
            {
                batch.Add(waiting);
            }

            running -= batch.Count == 0 ? 1 : 0;
            return batch.Count > 0;
        }
    }

    /// <returns>The connection to go on with; null where it broke.</returns>
    private async Task<NpgsqlConnection?> AnswerAsync(NpgsqlConnection? connection, List<Waiting> batch)
    {
        var patience = new Patience(batch.Min(waiting => waiting.AcceptedAt));
        while (true)
        {
            try
            {
                connection ??= await source.OpenAsync(patience.Left);
                var reading = ExecuteAsync(connection, [.. batch]);
                await PostgresSource.WithinAsync(Patience.Limit, reading, connection, givenUp: () => connection = null);
                var rows = await reading;
                batch.ForEach(waiting => waiting.SetResult(rows.GetValueOrDefault(waiting.Key)));
                return connection;
            }
            catch (Exception exception) when (PostgresFailure.IsDown(exception))
            {
                await CloseAsync(connection);
                connection = null;
                if (patience.IsOver)
                {
                    batch.ForEach(waiting => waiting.SetException(PostgresFailure.Down(exception)));
                    return null;
                }

                await Patience.PauseAsync();
            }
            catch (Exception exception)
            {
                batch.ForEach(waiting => waiting.SetException(new StorageException("The storage could not be read.", exception)));
                return connection;
            }
        }
    }

    private async Task<Dictionary<TKey, TRow>> ExecuteAsync(NpgsqlConnection connection, List<Waiting> batch)
    {
        var keys = batch.Select(waiting => waiting.Key).ToHashSet();
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddRange(bind(keys));
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new Dictionary<TKey, TRow>(keys.Count);
        while (await reader.ReadAsync())
        {
            var (key, row) = map(reader);
            rows[key] = row;
        }

        return rows;
    }

    private static async Task CloseAsync(NpgsqlConnection? connection)
    {
        if (connection is not null)
        {
            await connection.DisposeAsync();
        }
    }

    private sealed class Waiting(TKey key) : TaskCompletionSource<TRow?>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public TKey Key => key;

        public long AcceptedAt { get; } = Stopwatch.GetTimestamp();
    }
}
