using Gateway.Activities;
using Npgsql;

namespace Gateway.Persistence.Postgres;

/// <summary>
/// The settlements of one batch. A lease that several of them end is met by one statement after the other, so that each finds
/// what the one before it left.
/// </summary>
internal sealed class SettlementRun(IReadOnlyList<SettleChange> changes)
{
    private readonly List<(SettleChange Change, int Index, LeaseEnd End)> unsettled = [];
    private readonly List<CommitNotice> due = [];
    private readonly Dictionary<SettleChange, LeaseAnswer[]> answers = changes.ToDictionary(
        change => change, change => Enumerable.Repeat(LeaseAnswer.Lost, change.Leases.Count).ToArray());

    public IEnumerable<(NpgsqlBatchCommand Command, Func<NpgsqlDataReader, Task>? Read)> Statements()
    {
        if (changes.Where(change => change.Attempt is not null).Select(change => change.Attempt!).ToList() is { Count: > 0 } attempts)
        {
            yield return (OutboxStatements.Attempts(attempts), null);
        }

        foreach (var round in Rounds())
        {
            var ordered = round.OrderBy(one => one.End.Lease.Sequence).ToList();
            yield return (OutboxStatements.Settle([.. ordered.Select(one => one.End)]), reader => ReadAsync(reader, ordered));
        }
    }

    /// <summary>A settlement that changed nothing was a repeat if the entry stands as it would leave it.</summary>
    public async Task AnswerAsync(NpgsqlConnection connection, List<CommitNotice> notices)
    {
        notices.AddRange(due);
        if (unsettled.Count > 0)
        {
            var states = await OutboxStatements.StatesAsync(connection, [.. unsettled.Select(one => one.End.Lease.Sequence).Distinct()]);
            foreach (var (change, index, end) in unsettled)
            {
                if (states.TryGetValue(end.Lease.Sequence, out var entry) && entry.Epoch == end.Lease.Epoch && entry.Status == end.Status
                    && (end.Prefix is null || (entry.Kind is ResumeKind.Pull && entry.Lane.StartsWith(end.Prefix, StringComparison.Ordinal))))
                {
                    answers[change][index] = LeaseAnswer.Repeated;
                }
            }
        }

        foreach (var (change, answer) in answers)
        {
            change.Answers(answer);
        }
    }

    private List<List<(SettleChange Change, int Index, LeaseEnd End)>> Rounds()
    {
        var rounds = new List<List<(SettleChange, int, LeaseEnd)>>();
        var met = new Dictionary<long, int>();
        foreach (var change in changes)
        {
            for (var index = 0; index < change.Leases.Count; index++)
            {
                if (change.Leases[index] is not { } lease)
                {
                    continue;
                }

                var round = met[lease.Sequence] = met.TryGetValue(lease.Sequence, out var last) ? last + 1 : 0;
                if (round == rounds.Count)
                {
                    rounds.Add([]);
                }

                rounds[round].Add((change, index, LeaseEnd.Of(lease, change)));
            }
        }

        return rounds;
    }

    private async Task ReadAsync(NpgsqlDataReader reader, List<(SettleChange Change, int Index, LeaseEnd End)> round)
    {
        var settled = await OutboxStatements.ReadSettledAsync(reader);
        foreach (var (change, index, end) in round)
        {
            if (!settled.TryGetValue(end.Lease.Sequence, out var entry))
            {
                unsettled.Add((change, index, end));
                continue;
            }

            answers[change][index] = LeaseAnswer.Settled;
            if (end.DueAt <= change.Now)
            {
                due.Add(new CommitNotice(entry.Kind, entry.Lane, null));
            }
        }
    }
}
