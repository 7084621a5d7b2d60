using System.Diagnostics;

namespace Gateway.Benchmarks.Load;

/// <summary>
/// What one guarded, synced transaction costs without a gateway around it: one row under a unique key and one beside it,
/// in a file on the same disk. It takes its turns like everything that is compared.
/// </summary>
internal sealed class RawTransactions : IDisposable
{
    private const int TurnSize = 500;

    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("gateway-load-");
    private readonly byte[] body;
    private readonly SqliteBodies bodies;

    /// <param name="body">What each stores: as large as what the gateway is sent.</param>
    public RawTransactions(byte[] body) => (this.body, bodies) = (body, new SqliteBodies(Path.Combine(directory.FullName, "raw.db")));

    /// <summary>The median of one turn.</summary>
    public TimeSpan Turn()
    {
        var times = new TimeSpan[TurnSize];
        for (var i = 0; i < TurnSize; i++)
        {
            BodyChange[] change = [new(body)];
            var started = Stopwatch.GetTimestamp();
            bodies.Commit(change);
            times[i] = Stopwatch.GetElapsedTime(started);
        }

        Array.Sort(times);
        return times[TurnSize / 2];
    }

    public void Dispose()
    {
        bodies.Dispose();
        directory.Delete(recursive: true);
    }
}
