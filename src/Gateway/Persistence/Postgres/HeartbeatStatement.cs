using Gateway.Activities;
using Npgsql;

namespace Gateway.Persistence.Postgres;

/// <summary>Stores signs of life of pending activities; a late one moves nothing back.</summary>
internal static class HeartbeatStatement
{
    private const string Sql = """
        INSERT INTO heartbeats (activity_id, at, deadline, details)
        SELECT u.* FROM unnest($1, $2, $3, $4) AS u (activity_id, at, deadline, details)
        WHERE NOT EXISTS (SELECT 1 FROM outcomes o WHERE o.activity_id = u.activity_id)
        ON CONFLICT (activity_id) DO UPDATE SET at = greatest(heartbeats.at, excluded.at),
            deadline = greatest(heartbeats.deadline, excluded.deadline), details = coalesce(excluded.details, heartbeats.details)
        RETURNING activity_id
        """;

    /// <param name="beats">One for each activity, in the order of their ids.</param>
    public static NpgsqlBatchCommand Command(IReadOnlyList<Beat> beats) => new Arrays<Beat>(beats)
        .Ids(beat => beat.Id)
        .TimesOrNull(beat => beat.At)
        .TimesOrNull(beat => beat.Deadline)
        .Bytes(beat => beat.Details)
        .Into(Sql);

    /// <summary>The activities that were pending.</summary>
    public static async Task<HashSet<ActivityId>> ReadAsync(NpgsqlDataReader reader)
    {
        var beating = new HashSet<ActivityId>();
        while (await reader.ReadAsync())
        {
            beating.Add(reader.Id(0));
        }

        return beating;
    }

    /// <summary>One sign of life for each activity: of several that wait together the last, with the last details there are.</summary>
    public static List<Beat> Merge(IEnumerable<HeartbeatChange> changes) => [.. changes
        .GroupBy(change => change.Id)
        .Select(beats => new Beat(
            beats.Key,
            beats.Max(change => change.Beat.At),
            beats.Max(change => change.Beat.HeartbeatDeadline),
            beats.LastOrDefault(change => change.Details is not null)?.Details))
        .OrderBy(beat => beat.Id)];

    internal sealed record Beat(ActivityId Id, DateTimeOffset? At, DateTimeOffset? Deadline, byte[]? Details);
}
