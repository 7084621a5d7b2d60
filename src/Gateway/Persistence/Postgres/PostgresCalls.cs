using Npgsql;

namespace Gateway.Persistence.Postgres;

/// <summary>
/// Calls that are too rare to share a batch: each takes a connection for itself. What meets another node or a server that is
/// away is tried again while there is patience, so everything run here must bear to be run twice.
/// </summary>
internal sealed class PostgresCalls(PostgresSource source)
{
    public async Task<T> RunAsync<T>(Func<NpgsqlConnection, Task<T>> call)
    {
        var patience = Patience.FromNow;
        while (true)
        {
            try
            {
                return await OnceAsync(await source.OpenAsync(patience.Left), call);
            }
            catch (Exception exception) when (!patience.IsOver && (PostgresFailure.IsConflict(exception) || PostgresFailure.IsDown(exception)))
            {
                await Patience.PauseAsync();
            }
            catch (Exception exception) when (PostgresFailure.IsDown(exception))
            {
                throw PostgresFailure.IsAnswer(exception) ? PostgresFailure.Down(exception) : new UncertainCommitException(exception);
            }
            catch (PostgresException exception)
            {
                throw new StorageException("The storage refused a statement.", exception);
            }
        }
    }

    private static async Task<T> OnceAsync<T>(NpgsqlConnection opened, Func<NpgsqlConnection, Task<T>> call)
    {
        NpgsqlConnection? mine = opened;
        try
        {
            var calling = call(opened);
            await PostgresSource.WithinAsync(Patience.Limit, calling, opened, givenUp: () => mine = null);
            return await calling;
        }
        finally
        {
            if (mine is not null)
            {
                await mine.DisposeAsync();
            }
        }
    }

    /// <summary>The first row of a statement; the default value where there is none.</summary>
    public Task<T?> FirstAsync<T>(string sql, Func<NpgsqlDataReader, T> map, params NpgsqlParameter[] parameters) => RunAsync(async connection =>
    {
        var rows = await ReadAsync(connection, sql, map, parameters);
        return rows.Count == 0 ? default : rows[0];
    });

    /// <summary>Every row of a statement, which is a transaction of its own.</summary>
    public Task<List<T>> ListAsync<T>(string sql, Func<NpgsqlDataReader, T> map, params NpgsqlParameter[] parameters) =>
        RunAsync(connection => ReadAsync(connection, sql, map, parameters));

    public static async Task<List<T>> ReadAsync<T>(
        NpgsqlConnection connection, string sql, Func<NpgsqlDataReader, T> map, params NpgsqlParameter[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters)
        {
            // A second try must not share the first one's parameters.
            command.Parameters.Add(parameter.Clone());
        }

        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await reader.ReadAsync())
        {
            rows.Add(map(reader));
        }

        // The commit's own word comes after the last row.
        await reader.NextResultAsync();
        return rows;
    }
}
