using System.Globalization;
using Gateway.Activities;
using Npgsql;
using NpgsqlTypes;

namespace Gateway.Persistence.Postgres;

/// <summary>
/// What this node hears from the others, on a connection of its own: their commits wake its waiters at once, and a look every
/// second is what a waiter may rely on. The same look reads the database's clock and counts the nodes.
/// </summary>
/// <param name="wake">Told of what may be leased, and of what was closed.</param>
/// <param name="awaited">The activities whose end somebody waits for.</param>
internal sealed partial class NodeLink(
    PostgresSource source, DatabaseTime time, NodeMessages messages, Action<CommitNotice> wake, Func<IReadOnlyCollection<ActivityId>> awaited,
    ILogger logger) : IDisposable
{
    private const int PresenceSpace = 0x63626770;
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    private static readonly string EnterSql = string.Create(
        CultureInfo.InvariantCulture, $"LISTEN {NodeMessages.Channel}; SELECT pg_advisory_lock_shared({PresenceSpace}, 0)");

    private static readonly string LookSql = string.Create(CultureInfo.InvariantCulture, $"""
        SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint,
            (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = {PresenceSpace}
                AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))
        """);

    private const string ClosedSql = "SELECT activity_id FROM outcomes WHERE activity_id = ANY ($1)";

    private readonly CancellationTokenSource stopping = new();
    private Task listening = Task.CompletedTask;

    /// <summary>Reads the database's clock for the first time, and listens from then on.</summary>
    public async Task StartAsync()
    {
        await using (var connection = await source.Searches.OpenConnectionAsync())
        {
            // The first answer of a connection takes longer than the ones after it.
            await LookAsync(connection);
            await LookAsync(connection);
        }

        listening = Task.Run(ListenAsync);
    }

    public void Dispose()
    {
        stopping.Cancel();
        listening.GetAwaiter().GetResult();
        stopping.Dispose();
    }

    private async Task ListenAsync()
    {
        var heard = true;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await using var connection = await source.Searches.OpenConnectionAsync(stopping.Token);
                connection.Notification += (_, message) => messages.Hear(message.Payload, wake);
                await using (var enter = new NpgsqlCommand(EnterSql, connection))
                {
                    await enter.ExecuteNonQueryAsync(stopping.Token);
                }

                // Whatever was said meanwhile was missed.
                wake(new CommitNotice(ResumeKind.Webhook, "", null));
                heard = true;
                await HearAsync(connection);
            }
            catch (Exception exception) when (PostgresFailure.IsDown(exception) || exception is PostgresException)
            {
                if (heard && !stopping.IsCancellationRequested)
                {
                    Log.Deaf(logger, exception.Message);
                }

                (heard, messages.HasOthers) = (false, true);
                await Task.Delay(LookInterval, stopping.Token).ContinueWith(
                    static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            }
        }
    }

    private async Task HearAsync(NpgsqlConnection connection)
    {
        var next = time.GetTimestamp();
        while (true)
        {
            var left = LookInterval - time.GetElapsedTime(next);
            if (left <= TimeSpan.Zero)
            {
                next = time.GetTimestamp();
                await LookAsync(connection);
                await LookForAwaitedAsync(connection);
                continue;
            }

            await connection.WaitAsync(left, stopping.Token);
        }
    }

    private async Task LookAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand(LookSql, connection);
        var asked = time.GetTimestamp();
        await using var reader = await command.ExecuteReaderAsync(stopping.Token);
        await reader.ReadAsync(stopping.Token);
        time.Read(reader.GetInt64(0), asked);
        messages.HasOthers = reader.GetInt64(1) > 1;
    }

    private async Task LookForAwaitedAsync(NpgsqlConnection connection)
    {
        var ids = awaited();
        if (ids.Count == 0)
        {
            return;
        }

        await using var command = new NpgsqlCommand(ClosedSql, connection);
        command.Parameters.Add(Parameter.Array([.. ids.Select(id => id.ToBytes())], NpgsqlDbType.Bytea));
        await using var reader = await command.ExecuteReaderAsync(stopping.Token);
        while (await reader.ReadAsync(stopping.Token))
        {
            wake(new CommitNotice(ResumeKind.Pull, "", reader.Id(0)));
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message =
            "The connection that hears from other nodes and reads the database's clock is gone, and is opened again every second: {Reason}")]
        public static partial void Deaf(ILogger logger, string reason);
    }
}
