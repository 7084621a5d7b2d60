using System.Text;
using Gateway.Activities;
using Npgsql;
using NpgsqlTypes;

namespace Gateway.Persistence.Postgres;

/// <summary>
/// What this node tells the others after its commits. A notification in the committing transaction would make all commits of
/// the cluster wait for one lock, so what has gathered is sent behind them, in few messages. They are hints: a lost one costs
/// a waiter at most a second.
/// </summary>
internal sealed class NodeMessages(PostgresSource source)
{
    public const string Channel = "callback_gateway";

    /// <summary>PostgreSQL takes payloads below 8,000 bytes.</summary>
    private const int MaxPayload = 7_900;

    /// <summary>More has gathered only while nothing could be sent; whoever waits looks for himself meanwhile.</summary>
    private const int MaxGathered = 20_000;

    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(3);

    /// <summary>Nothing of value is lost with a message, so nobody waits for a disk.</summary>
    private const string SendSql =
        "SELECT set_config('synchronous_commit', 'off', true), pg_notify($1, u.payload) FROM unnest($2) AS u (payload)";

    private readonly string node = Guid.NewGuid().ToString("N");
    private readonly Lock gate = new();
    private HashSet<string> gathered = [];
    private bool sending;

    /// <summary>Somebody listens beside this node. Assumed until it is known.</summary>
    public bool HasOthers { get; set; } = true;

    public void Tell(CommitNotice notice)
    {
        if (!HasOthers)
        {
            return;
        }

        lock (gate)
        {
            if (gathered.Count >= MaxGathered)
            {
                return;
            }

            gathered.Add(notice.Kind is ResumeKind.Pull ? $"L{notice.Lane}" : "P");
            if (notice.Closed is { } id)
            {
                gathered.Add($"A{id}");
            }

            if (sending)
            {
                return;
            }

            sending = true;
        }

        _ = Task.Run(SendAsync);
    }

    /// <summary>Wakes whom another node's message concerns; this node's own say nothing new.</summary>
    public void Hear(string payload, Action<CommitNotice> wake)
    {
        var lines = payload.Split('\n');
        if (lines[0] == node)
        {
            return;
        }

        foreach (var line in lines.AsSpan(1))
        {
            if (line == "P")
            {
                wake(new CommitNotice(ResumeKind.Webhook, "", null));
            }
            else if (line.StartsWith('L'))
            {
                wake(new CommitNotice(ResumeKind.Pull, line[1..], null));
            }
            else if (line.StartsWith('A') && ActivityId.TryParse(line[1..], out var id))
            {
                wake(new CommitNotice(ResumeKind.Pull, "", id));
            }
        }
    }

    private async Task SendAsync()
    {
        while (true)
        {
            await Task.Delay(Gathering);
            HashSet<string> news;
            lock (gate)
            {
                if (gathered.Count == 0)
                {
                    sending = false;
                    return;
                }

                (news, gathered) = (gathered, []);
            }

            try
            {
                await using var connection = await source.OpenAsync(Patience.Limit);
                await using var command = new NpgsqlCommand(SendSql, connection);
                command.Parameters.Add(Parameter.Of(Channel));
                command.Parameters.Add(Parameter.Array([.. Payloads(news)], NpgsqlDbType.Text));
                await command.ExecuteNonQueryAsync();
            }
            catch (Exception exception) when (PostgresFailure.IsDown(exception) || exception is NpgsqlException)
            {
                // The others look for themselves.
            }
        }
    }

    private IEnumerable<string> Payloads(HashSet<string> news)
    {
        var payload = new StringBuilder(node);
        foreach (var line in news)
        {
            // Queues and ids are ASCII.
            if (payload.Length + line.Length + 1 > MaxPayload)
            {
                yield return payload.ToString();
                payload.Clear().Append(node);
            }

            payload.Append('\n').Append(line);
        }

        yield return payload.ToString();
    }
}
