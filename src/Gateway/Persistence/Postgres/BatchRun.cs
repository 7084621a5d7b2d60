using Gateway.Activities;
using Npgsql;

namespace Gateway.Persistence.Postgres;

/// <summary>
/// One try to write a batch: the changes of each kind in one statement, all statements in one message to the server, which
/// makes them one transaction. Registrations look first, which costs one more exchange.
/// </summary>
/// <param name="barrier">
/// An earlier try was committed or not, nobody knows. Every statement finds its own rows again; a mark in the log makes this
/// commit wait until what they stand in is on stable storage, on the standby too.
/// </param>
internal sealed class BatchRun(IReadOnlyList<IPostgresChange> batch, SchemaIds schemas, bool barrier)
{
    public const string BarrierSql = "SELECT pg_logical_emit_message(true, 'callback-gateway', '')";

    private readonly List<CommitNotice> notices = [];
    private readonly List<(NpgsqlBatchCommand Command, Func<NpgsqlDataReader, Task>? Read)> statements = [];
    private readonly Dictionary<ActivityId, (Ending Ending, CloseChange? Change)> endings = [];
    private readonly HashSet<CloseChange> lostAtHome = [];
    private HashSet<ActivityId> closed = [];
    private RegistrationRun? registration;

    /// <summary>What the transaction made leasable.</summary>
    public IReadOnlyList<CommitNotice> Notices => notices;

    public async Task ExecuteAsync(NpgsqlConnection connection)
    {
        var registrations = batch.OfType<RegisterChange>().ToList();
        registration = registrations.Count > 0 ? new RegistrationRun(registrations) : null;
        if (registration is not null)
        {
            await registration.DecideAsync(connection, schemas);
        }

        var settling = new SettlementRun([.. batch.OfType<SettleChange>()]);
        Plan(settling);
        await SendAsync(connection, inTransaction: registration is not null);
        await AnswerClosesAsync(connection);
        await settling.AnswerAsync(connection, notices);
    }

    /// <summary>After the commit, and only where nothing is doubtful about it.</summary>
    public void Remember(RecentActivities recent) => registration?.Remember(recent);

    private void Plan(SettlementRun settling)
    {
        if (barrier)
        {
            statements.Add((new NpgsqlBatchCommand(BarrierSql), static _ => Task.CompletedTask));
        }

        foreach (var command in registration?.Commands() ?? [])
        {
            statements.Add((command, null));
        }

        PlanCloses();
        statements.AddRange(settling.Statements());
        PlanHeartbeats([.. batch.OfType<HeartbeatChange>()]);
        foreach (var lease in batch.OfType<LeaseChange>())
        {
            statements.Add((OutboxStatements.Lease(lease), async reader => lease.Answers(await OutboxStatements.ReadLeasesAsync(reader, lease))));
        }
    }

    /// <summary>Of several ends of one activity in the batch the first is sent; the others have lost already.</summary>
    private void PlanCloses()
    {
        foreach (var change in batch.OfType<CloseChange>())
        {
            if (!endings.TryAdd(change.Ending.Id, (change.Ending, change)))
            {
                lostAtHome.Add(change);
            }
        }

        foreach (var ending in registration?.Endings ?? [])
        {
            endings.TryAdd(ending.Id, (ending, null));
        }

        if (endings.Count > 0)
        {
            var ordered = endings.Values.Select(one => one.Ending).OrderBy(ending => ending.Id).ToList();
            statements.Add((CloseStatement.Command(ordered), async reader => closed = await CloseStatement.ReadAsync(reader)));
        }
    }

    private void PlanHeartbeats(IReadOnlyList<HeartbeatChange> changes)
    {
        if (changes.Count == 0)
        {
            return;
        }

        statements.Add((HeartbeatStatement.Command(HeartbeatStatement.Merge(changes)), async reader =>
        {
            var beating = await HeartbeatStatement.ReadAsync(reader);
            foreach (var change in changes)
            {
                change.Answers(beating.Contains(change.Id) ? Guarded.Done : Guarded.NotPending);
            }
        }
        ));
    }

    /// <summary>Without registrations the one message is one transaction by itself.</summary>
    private async Task SendAsync(NpgsqlConnection connection, bool inTransaction)
    {
        await using var message = new NpgsqlBatch(connection) { Timeout = 0 };
        foreach (var (command, _) in statements)
        {
            message.BatchCommands.Add(command);
        }

        if (inTransaction)
        {
            message.BatchCommands.Add(new NpgsqlBatchCommand("COMMIT"));
        }

        await using var reader = await message.ExecuteReaderAsync();
        foreach (var (_, read) in statements)
        {
            if (read is not null)
            {
                await read(reader);
                await reader.NextResultAsync();
            }
        }

        // The commit's own word comes after the last result: disposing the reader would swallow a bad one.
        while (await reader.NextResultAsync())
        {
        }
    }

    private async Task AnswerClosesAsync(NpgsqlConnection connection)
    {
        if (barrier && closed.Count < endings.Count)
        {
            var missing = endings.Values.Select(one => one.Ending).Where(ending => !closed.Contains(ending.Id)).ToList();
            closed.UnionWith(await CloseStatement.FindAsync(connection, missing));
        }

        foreach (var (ending, change) in endings.Values)
        {
            var done = closed.Contains(ending.Id);
            change?.Answers(done ? Guarded.Done : Guarded.NotPending);
            if (done)
            {
                notices.Add(ending.Notice);
            }
        }

        foreach (var change in lostAtHome)
        {
            change.Answers(Guarded.NotPending);
        }
    }
}
