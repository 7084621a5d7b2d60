using System.Diagnostics;
using Gateway.Activities;

namespace Gateway.Benchmarks.Load;

/// <summary>
/// What SQLite alone keeps of its rate when keys come in random order: each then changes an index page of its own, while those
/// in order share the last one. Rows as <see cref="SqliteBodies"/> writes them, in commits of usual size, in turns.
/// </summary>
internal static class RawOrder
{
    private const int CommitSize = 32;
    private const int TurnSize = 100 * CommitSize;
    private const int TurnCount = 10;

    /// <summary>Milliseconds that random keys are spread over.</summary>
    private const int Spread = 10_000_000;

    /// <summary>The median over the turns of the rate in random order, divided by that in order.</summary>
    /// <param name="body">What each row holds: as large as what the gateway is sent.</param>
    /// <param name="before">Rows that each file has already.</param>
    public static double Share(byte[] body, int before)
    {
        var directory = Directory.CreateTempSubdirectory("gateway-load-");
        try
        {
            using var ordered = new SqliteBodies(Path.Combine(directory.FullName, "ordered.db"));
            using var shuffled = new SqliteBodies(Path.Combine(directory.FullName, "shuffled.db"));
            var (random, start, count) = (new Random(4711), TimeProvider.System.GetUtcNow(), 0);
            BodyChange InOrder() => new(body) { Id = ActivityId.New(start.AddMilliseconds(count++)) };
            BodyChange InAnyOrder() => new(body) { Id = ActivityId.New(start.AddMilliseconds(random.Next(Spread))) };
            Write(ordered, InOrder, before);
            Write(shuffled, InAnyOrder, before);

            return Turns.Median(Enumerable.Range(0, TurnCount)
                .Select(_ => Write(ordered, InOrder, TurnSize) / Write(shuffled, InAnyOrder, TurnSize)));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    /// <returns>How long it took.</returns>
    private static TimeSpan Write(SqliteBodies bodies, Func<BodyChange> next, int rows)
    {
        var started = Stopwatch.GetTimestamp();
        var commit = new BodyChange[CommitSize];
        for (var written = 0; written < rows; written += CommitSize)
        {
            for (var i = 0; i < CommitSize; i++)
            {
                commit[i] = next();
            }

            bodies.Commit(commit);
        }

        return Stopwatch.GetElapsedTime(started);
    }
}
