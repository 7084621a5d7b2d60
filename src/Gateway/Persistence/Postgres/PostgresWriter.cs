using Npgsql;

namespace Gateway.Persistence.Postgres;

/// <summary>
/// A connection that writes batches. A conflict with another node is tried again; after a broken connection the same batch is
/// written once more, and its guards tell what the first try did.
/// </summary>
internal sealed partial class PostgresWriter(PostgresSource source, SchemaIds schemas, RecentActivities recent, ILogger logger) : IBatchWriter<IPostgresChange>
{
    private NpgsqlConnection? connection;
    private volatile bool doubted;

    public async ValueTask<IReadOnlyList<CommitNotice>> CommitAsync(IReadOnlyList<IPostgresChange> batch)
    {
        var patience = new Patience(batch.Min(change => change.AcceptedAt));
        var uncertain = false;
        while (true)
        {
            try
            {
                await ConnectAsync(patience);
            }
            catch (Exception exception) when (PostgresFailure.IsDown(exception))
            {
                await GiveUpOrPauseAsync(patience, uncertain, exception);
                continue;
            }

            try
            {
                var run = new BatchRun(batch, schemas, uncertain);

                // The first try may have waited in line for long and still gets all of its time; a question after it does not.
                var limit = uncertain ? patience.Left : Patience.Limit;
                await PostgresSource.WithinAsync(limit, run.ExecuteAsync(connection!), connection!, givenUp: () => connection = null);
                if (!doubted)
                {
                    run.Remember(recent);
                    return run.Notices;
                }

                // Committed here, but the server has warned: it may not have reached the standby.
                uncertain = true;
                await GiveUpOrPauseAsync(patience, uncertain, new StorageException("The server warned about a commit."));
            }
            catch (Exception exception) when (PostgresFailure.IsConflict(exception) && !patience.IsOver)
            {
                Log.Conflict(logger, ((PostgresException)exception).SqlState);
                await RollbackAsync();
            }
            catch (Exception exception) when (PostgresFailure.IsDown(exception))
            {
                uncertain |= !PostgresFailure.IsAnswer(exception);
                await DropAsync();
                await GiveUpOrPauseAsync(patience, uncertain, exception);
            }
            catch (Exception)
            {
                await RollbackAsync();
                throw;
            }
        }
    }

    public void Dispose() => connection?.Dispose();

    private async Task ConnectAsync(Patience patience)
    {
        if (connection is null)
        {
            connection = await source.OpenAsync(patience.Left);
            connection.Notice += (_, notice) => doubted |= notice.Notice.InvariantSeverity == "WARNING";
        }

        doubted = false;
    }

    private static async Task GiveUpOrPauseAsync(Patience patience, bool uncertain, Exception exception)
    {
        if (patience.IsOver)
        {
            throw uncertain ? new UncertainCommitException(exception) : PostgresFailure.Down(exception);
        }

        await Patience.PauseAsync();
    }

    private async Task RollbackAsync()
    {
        try
        {
            await using var rollback = new NpgsqlCommand("ROLLBACK", connection) { CommandTimeout = (int)Patience.Limit.TotalSeconds };
            await rollback.ExecuteNonQueryAsync();
        }
        catch (Exception exception) when (PostgresFailure.IsDown(exception) || exception is InvalidOperationException)
        {
            await DropAsync();
        }
    }

    private async Task DropAsync()
    {
        schemas.Forget();
        if (connection is { } broken)
        {
            connection = null;
            await broken.DisposeAsync();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "A batch met another node's transaction ({SqlState}) and is written again.")]
        public static partial void Conflict(ILogger logger, string sqlState);
    }
}
