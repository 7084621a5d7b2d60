namespace Gateway.Persistence.Sqlite;

/// <summary>
/// Moves the write-ahead log into the database while commits go on: on a thread and a connection of its own, because the
/// fsync of some hundred scattered pages takes as long as thirty commits, and nobody has to wait for it. The log begins anew
/// only where all of it was moved, so now and then the last few pages are moved by the writer, between two commits.
/// </summary>
/// <remarks>
/// A second connection that checkpoints needs SQLite 3.51.3 (<see href="https://sqlite.org/wal.html#walresetbug"/>). A round
/// that fails loses nothing: SQLite counts pages as moved only after the database's fsync, and moves all of them again.
/// </remarks>
internal sealed partial class Checkpointer : IDisposable
{
    /// <summary>Milliseconds the writer may wait for readers; our own are done within one.</summary>
    private const int Patience = 5;

    /// <summary>Pages that make a round worth its fsync: 4 MB. Commits take longer as long as it lasts, so it should be short.</summary>
    private const int RoundPages = 1_000;

    /// <summary>
    /// Pages after which the log is to begin anew: 48 MB. The writer's own part takes an fsync of the database, a few
    /// milliseconds however little it moves, so it should be rare; a longer log makes reads look into more parts of its index.
    /// </summary>
    private const int LogPages = 12_000;

    /// <summary>So few are left to the writer.</summary>
    private const int FewPages = 64;

    /// <summary>Rounds before the writer moves what is left, however much: who writes faster than the disk takes it must wait.</summary>
    private const int MostRounds = 3;

    private readonly SemaphoreSlim wanted = new(0);
    private readonly string path;
    private readonly ILogger logger;
    private readonly Thread thread;
    private volatile bool running;
    private volatile bool stopping;
    private volatile bool failed;
    private bool down;
    private int behind;
    private int length;
    private int rounds;

    public Checkpointer(string path, ILogger logger)
    {
        (this.path, this.logger) = (path, logger);
        thread = new Thread(Run) { Name = "checkpointer", IsBackground = true };
        thread.Start();
    }

    /// <summary>Whether a round is under way: the writer cannot checkpoint now.</summary>
    public bool IsRunning => running;

    /// <summary>Called by the writer's thread between two commits.</summary>
    public void Look(SqliteWriter writer)
    {
        var written = writer.TakeWrittenPages();
        behind += written;
        length += written;
        if (running)
        {
            return;
        }

        if (failed)
        {
            (failed, behind, length, rounds) = (false, 0, 0, 0);
        }
        else if (length < LogPages)
        {
            if (behind >= RoundPages)
            {
                Begin();
            }
        }
        else if (rounds < MostRounds && (rounds == 0 || behind > FewPages))
        {
            rounds++;
            Begin();
        }
        else
        {
            // Where somebody else reads an old state, it is tried again when as much has been written again.
            (behind, length, rounds) = (0, 0, 0);
            Try(() => writer.TryRestartWal(Patience));
        }
    }

    /// <summary>Moves all of the log and cuts it off, on the writer's thread and while no round is under way.</summary>
    /// <returns>False where somebody still reads it, or where it cannot be moved.</returns>
    public bool TryTruncate(SqliteWriter writer)
    {
        var free = false;
        return Try(() => free = writer.TryTruncateWal(Patience)) && free;
    }

    /// <summary>Ends a round that is under way and closes the connection.</summary>
    public void Dispose()
    {
        stopping = true;
        wanted.Release();
        thread.Join();
        wanted.Dispose();
    }

    private void Begin()
    {
        behind = 0;
        running = true;
        wanted.Release();
    }

    private void Run()
    {
        SqliteDatabase? database = null;
        while (true)
        {
            wanted.Wait();
            if (stopping)
            {
                database?.Dispose();
                return;
            }

            if (!Try(() => (database ??= SqliteDatabase.OpenCheckpointer(path)).Checkpoint()))
            {
                database?.Dispose();
                database = null;
            }

            running = false;
        }
    }

    /// <summary>By the writer's thread, or by this one while <see cref="running"/> keeps the writer from it.</summary>
    private bool Try(Action move)
    {
        try
        {
            move();
            down = false;
            return true;
        }
        catch (SqliteFailure failure)
        {
            // Once an outage: a line for each try would fill a disk that is full already.
            if (!down)
            {
                Log.CheckpointFailed(logger, failure);
            }

            (down, failed) = (true, true);
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "The write-ahead log could not be moved into the database; it grows until that succeeds.")]
        public static partial void CheckpointFailed(ILogger logger, Exception exception);
    }
}
