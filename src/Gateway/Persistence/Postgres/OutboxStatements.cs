using Gateway.Activities;
using Npgsql;
using NpgsqlTypes;

namespace Gateway.Persistence.Postgres;

/// <summary>Leases outbox entries and ends leases. An entry's epoch fences off whoever held it before.</summary>
internal static class OutboxStatements
{
    private const string LeaseSql = """
        WITH due AS MATERIALIZED (
            SELECT sequence, due_at FROM outbox WHERE kind = $1 AND lane = $2 AND due_at <= $3
            ORDER BY due_at LIMIT $4 FOR UPDATE SKIP LOCKED)
        UPDATE outbox o SET status = 1, due_at = $5, epoch = o.epoch + 1, attempts = o.attempts + 1
        FROM due WHERE o.sequence = due.sequence
        RETURNING o.sequence, o.activity_id, o.epoch, o.attempts, due.due_at
        """;

    private const string SettleSql = """
        WITH input AS MATERIALIZED (
            SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7) AS u (sequence, epoch, status, due_at, settled_at, answer, prefix))
        UPDATE outbox o SET status = i.status, due_at = i.due_at, settled_at = i.settled_at, last_answer = coalesce(i.answer, o.last_answer)
        FROM input i
        WHERE o.sequence = i.sequence AND o.epoch = i.epoch AND o.status = 1
            AND (i.prefix IS NULL OR (o.kind = 0 AND starts_with(o.lane, i.prefix)))
        RETURNING o.sequence, o.kind, o.lane
        """;

    private const string StateSql = "SELECT sequence, epoch, status, kind, lane FROM outbox WHERE sequence = ANY ($1)";

    private const string AttemptSql = """
        INSERT INTO attempts (sequence, number, at, duration_microseconds, answer, may_have_arrived)
        SELECT * FROM unnest($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING
        """;

    public static NpgsqlBatchCommand Lease(LeaseChange change)
    {
        var command = new NpgsqlBatchCommand(LeaseSql);
        command.Parameters.Add(Parameter.Of((int)change.Kind));
        command.Parameters.Add(Parameter.Of(change.Lane));
        command.Parameters.Add(Parameter.Of(change.Now));
        command.Parameters.Add(Parameter.Of((long)change.Max));
        command.Parameters.Add(Parameter.Of(change.Until));
        return command;
    }

    /// <summary>The leased entries, oldest first.</summary>
    public static async Task<IReadOnlyList<ResumptionEntry>> ReadLeasesAsync(NpgsqlDataReader reader, LeaseChange change)
    {
        var leased = new List<(long DueAt, ResumptionEntry Entry)>();
        while (await reader.ReadAsync())
        {
            leased.Add((reader.GetInt64(4), new ResumptionEntry(
                reader.GetInt64(0), reader.Id(1), change.Kind, change.Lane, reader.GetInt32(2), reader.GetInt32(3), change.Until)));
        }

        return [.. leased.OrderBy(found => found.DueAt).ThenBy(found => found.Entry.Sequence).Select(found => found.Entry)];
    }

    public static NpgsqlBatchCommand Attempts(IReadOnlyList<AttemptRow> attempts) => new Arrays<AttemptRow>(attempts)
        .Longs(attempt => attempt.Sequence)
        .Ints(attempt => attempt.Number)
        .Longs(attempt => attempt.At)
        .Longs(attempt => attempt.DurationMicroseconds)
        .Texts(attempt => attempt.Answer)
        .Flags(attempt => attempt.MayHaveArrived)
        .Into(AttemptSql);

    /// <param name="ends">One for each entry, in the order of their sequences.</param>
    public static NpgsqlBatchCommand Settle(IReadOnlyList<LeaseEnd> ends) => new Arrays<LeaseEnd>(ends)
        .Longs(end => end.Lease.Sequence)
        .Ints(end => end.Lease.Epoch)
        .Ints(end => (int)end.Status)
        .TimesOrNull(end => end.DueAt)
        .TimesOrNull(end => end.SettledAt)
        .Texts(end => end.Answer)
        .Texts(end => end.Prefix)
        .Into(SettleSql);

    /// <summary>The entries that were settled by this statement.</summary>
    public static async Task<Dictionary<long, (ResumeKind Kind, string Lane)>> ReadSettledAsync(NpgsqlDataReader reader)
    {
        var settled = new Dictionary<long, (ResumeKind, string)>();
        while (await reader.ReadAsync())
        {
            settled[reader.GetInt64(0)] = ((ResumeKind)reader.GetInt32(1), reader.GetString(2));
        }

        return settled;
    }

    /// <summary>Where entries stand whose settlement changed nothing.</summary>
    public static async Task<Dictionary<long, (int Epoch, EntryStatus Status, ResumeKind Kind, string Lane)>> StatesAsync(
        NpgsqlConnection connection, long[] sequences)
    {
        await using var command = new NpgsqlCommand(StateSql, connection) { CommandTimeout = 0 };
        command.Parameters.Add(Parameter.Array(sequences, NpgsqlDbType.Bigint));
        await using var reader = await command.ExecuteReaderAsync();
        var states = new Dictionary<long, (int, EntryStatus, ResumeKind, string)>();
        while (await reader.ReadAsync())
        {
            states[reader.GetInt64(0)] =
                (reader.GetInt32(1), (EntryStatus)reader.GetInt32(2), (ResumeKind)reader.GetInt32(3), reader.GetString(4));
        }

        return states;
    }
}

/// <summary>One lease to end, and how.</summary>
internal sealed record LeaseEnd(
    LeaseId Lease, EntryStatus Status, DateTimeOffset? DueAt, DateTimeOffset? SettledAt, string? Answer, string? Prefix)
{
    public static LeaseEnd Of(LeaseId lease, SettleChange change) => change.Settlement switch
    {
        Settlement.Delivered delivered => new(lease, EntryStatus.Delivered, null, change.Now, delivered.Answer, change.Prefix),
        Settlement.RetryAt retry => new(lease, EntryStatus.Waiting, retry.At, null, retry.Answer, change.Prefix),
        Settlement.Dead dead => new(lease, EntryStatus.Dead, null, change.Now, dead.Answer, change.Prefix),
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
