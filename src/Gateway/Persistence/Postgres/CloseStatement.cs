using Gateway.Activities;
using Npgsql;

namespace Gateway.Persistence.Postgres;

/// <summary>Appends outcomes and their outbox entries; the unique key over activity ids makes one outcome win.</summary>
internal static class CloseStatement
{
    /// <summary>
    /// Looks before it writes: whoever closed an activity before is seen, and whoever does so meanwhile makes this statement
    /// fail by the unique key, after which the same again sees it. That is seldom, and an insert that expects it at every row
    /// costs an eighth more. The number is drawn here because outcome and entry share it. A heartbeat that came after the look
    /// which found its absence keeps the activity. What was remembered must be as it was registered: a change that is committed
    /// while this statement runs may be missed, as one may between a look and this statement. A purge may not, because it would
    /// take the key away that lets one outcome win: until it is seen, the outcome it removes is.
    /// </summary>
    private const string Sql = """
        WITH closed AS MATERIALIZED (
            SELECT nextval('outcomes_sequence_seq') AS sequence, u.*
            FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
                AS u (activity_id, state, closed_at, closed_by, digest, reason, timeout_kind, last_heartbeat, body, kind, lane, remembered)
            WHERE (SELECT o.state FROM outcomes o WHERE o.activity_id = u.activity_id) IS NULL
                AND (u.timeout_kind IS DISTINCT FROM 1
                    OR NOT EXISTS (SELECT 1 FROM heartbeats h WHERE h.activity_id = u.activity_id AND h.deadline > u.closed_at))
                AND (NOT u.remembered
                    OR (SELECT a.generation = 0 AND a.cancel_requested_at IS NULL FROM activities a WHERE a.id = u.activity_id)
                    AND (SELECT h.at FROM heartbeats h WHERE h.activity_id = u.activity_id) IS NULL)
        ), written AS (
            INSERT INTO outcomes (sequence, activity_id, state, closed_at, closed_by, digest, reason, timeout_kind, last_heartbeat, body)
            OVERRIDING SYSTEM VALUE
            SELECT sequence, activity_id, state, closed_at, closed_by, digest, reason, timeout_kind, last_heartbeat, body FROM closed
        ), entries AS (
            INSERT INTO outbox (sequence, activity_id, kind, lane, status, due_at, epoch, attempts)
            SELECT sequence, activity_id, kind, lane, 0, closed_at, 0, 0 FROM closed
        )
        SELECT string_agg(activity_id, ''::bytea) FROM closed
        """;

    private const string FindSql = "SELECT activity_id, state, closed_at, closed_by, digest FROM outcomes WHERE activity_id = ANY ($1)";

    /// <param name="endings">One for each activity, in the order of their ids: two nodes that close the same ones meet in the same order.</param>
    public static NpgsqlBatchCommand Command(IReadOnlyList<Ending> endings) => new Arrays<Ending>(endings)
        .Ids(ending => ending.Id)
        .Ints(ending => (int)ending.Closing.State)
        .Times(ending => ending.Closing.ClosedAt)
        .Ints(ending => (int)ending.Closing.ClosedBy)
        .Digests(ending => ending.Closing.Digest)
        .Texts(ending => ending.Closing.Reason)
        .IntsOrNull(ending => (int?)ending.Closing.TimeoutKind)
        .TimesOrNull(ending => ending.Closing.LastHeartbeat)
        .Bytes(ending => ending.Body)
        .Ints(ending => (int)ending.Kind)
        .Texts(ending => ending.Lane)
        .Flags(ending => ending.Remembered)
        .Into(Sql);

    /// <summary>The activities that were closed by this statement: all in one row, because a row for each costs both sides more.</summary>
    public static async Task<HashSet<ActivityId>> ReadAsync(NpgsqlDataReader reader)
    {
        var closed = new HashSet<ActivityId>();
        if (await reader.ReadAsync() && !reader.IsDBNull(0))
        {
            var ids = reader.GetFieldValue<byte[]>(0);
            for (var at = 0; at < ids.Length; at += ActivityId.Size)
            {
                closed.Add(ActivityId.Read(ids.AsSpan(at, ActivityId.Size)));
            }
        }

        return closed;
    }

    /// <summary>
    /// Which of these endings stand in the database, whoever asks: after a commit whose answer was lost. Another call's ending
    /// that agrees in all of this gets the same receipt, so it need not be told from this one.
    /// </summary>
    public static async Task<HashSet<ActivityId>> FindAsync(NpgsqlConnection connection, IReadOnlyList<Ending> endings)
    {
        var byId = endings.ToDictionary(ending => ending.Id, ending => ending.Closing);
        await using var command = new NpgsqlCommand(FindSql, connection) { CommandTimeout = 0 };
        command.Parameters.Add(Parameter.Ids(byId.Keys));
        await using var reader = await command.ExecuteReaderAsync();
        var found = new HashSet<ActivityId>();
        while (await reader.ReadAsync())
        {
            var closing = byId[reader.Id(0)];
            if (reader.GetInt32(1) == (int)closing.State && reader.Time(2) == closing.ClosedAt
                && reader.GetInt32(3) == (int)closing.ClosedBy && OutcomeDigest.Read(reader.GetFieldValue<byte[]>(4)) == closing.Digest)
            {
                found.Add(reader.Id(0));
            }
        }

        return found;
    }
}
