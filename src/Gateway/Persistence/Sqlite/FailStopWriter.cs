namespace Gateway.Persistence.Sqlite;

/// <summary>
/// Writes through one connection as long as it can be trusted. Where the storage fails, nothing is acknowledged, and the
/// connection is replaced before anything else is written:
/// <list type="bullet">
/// <item>Before the commit (<c>SQLITE_FULL</c>, a read or write error while the statements run): nothing is stored.</item>
/// <item>
/// At the commit (a write or fsync of the log failed): the transaction is undone in the index of the log that all connections
/// of this process share, but its pages may lie complete in the file. The new connection is opened while the old one is
/// still there, so that the index survives, and a small commit of its own, the <em>seal</em>, overwrites the first of those
/// pages. Once the seal is on the disk the failed transaction is gone for good: nothing is stored. Until then nobody knows:
/// were the process to die, recovery might find it complete.
/// </item>
/// <item>
/// While moving the log into the database (checkpoint): no commit is touched. SQLite counts pages as moved only after
/// the database's fsync, writes all of them again the next time, and the log grows meanwhile.
/// </item>
/// </list>
/// The kernel reports a failed fsync once and then takes the pages for written. That is harmless here, because every page a
/// later commit relies on is written anew before the fsync that speaks for it; for the next process see <see cref="WalFile"/>.
/// </summary>
/// <param name="first">The connection to begin with.</param>
/// <param name="open">Opens another one.</param>
/// <param name="walWatch">Told of every commit.</param>
/// <param name="giveUp">
/// Called with a line for the operator when I/O errors last: a file that lies on a mount that is gone stays broken in this
/// process whatever becomes of the disk, a new process finds the new one. A full disk is waited for.
/// </param>
internal sealed partial class FailStopWriter(
    SqliteWriter first, Func<SqliteWriter> open, WalWatch walWatch, TimeProvider time, Action<string> giveUp, ILogger logger) : IBatchWriter<ISqliteChange>
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private SqliteWriter writer = first;
    private Outage? outage;
    private bool sealedOff = true;
    private int seals;

    public ValueTask<IReadOnlyList<CommitNotice>> CommitAsync(IReadOnlyList<ISqliteChange> batch)
    {
        if (outage is { } lasting && time.GetElapsedTime(lasting.FailedAt) < lasting.Pause)
        {
            throw new StorageDownException("The storage failed a moment ago and is left alone until it is tried again.", lasting.Cause);
        }

        if (!sealedOff && TryReplace() is { } still)
        {
            throw new StorageDownException("The storage still fails.", Note(still));
        }

        try
        {
            walWatch.Look(writer);
            var notices = writer.Commit(batch);
            outage = null;
            return new(notices);
        }
        catch (SqliteFailure failure) when (failure.IsOfStorage)
        {
            Note(failure);
            sealedOff = false;
            _ = TryReplace();
            throw new StorageDownException("The storage failed before the commit; nothing was stored.", failure);
        }
        catch (UncertainCommitException unknown) when (unknown.InnerException is SqliteFailure failure)
        {
            Note(failure);
            sealedOff = false;
            throw TryReplace() is null
                ? new StorageDownException("The storage failed at the commit, which was undone; nothing was stored.", failure)
                : unknown;
        }
    }

    public void Dispose()
    {
        walWatch.Dispose();
        try
        {
            writer.TryTruncateWal(patience: 0);
        }
        catch (SqliteFailure failure)
        {
            Log.LeftInTheLog(logger, failure);
        }

        writer.Dispose();
    }

    /// <summary>Opens a new connection beside the old one, closes that, and proves the new one by a commit.</summary>
    /// <returns>Why it failed; null when the new connection can be trusted.</returns>
    private SqliteFailure? TryReplace()
    {
        try
        {
            var replacement = open();
            writer.Dispose();
            writer = replacement;
            writer.Transact(++seals & 0xFFFF, static (session, mark) => session.Probe(mark));
            sealedOff = true;
            return null;
        }
        catch (SqliteFailure failure)
        {
            return failure;
        }
        catch (UncertainCommitException unknown) when (unknown.InnerException is SqliteFailure failure)
        {
            return failure;
        }
    }

    private SqliteFailure Note(SqliteFailure failure)
    {
        var now = time.GetTimestamp();
        if (outage is null)
        {
            outage = new Outage(now, now, FirstPause, failure);
            return failure;
        }

        var pause = outage.Pause * 2;
        outage = outage with { FailedAt = now, Pause = pause < LongestPause ? pause : LongestPause, Cause = failure };
        if (!failure.IsFull && !failure.IsBusy && time.GetElapsedTime(outage.Since) >= Patience)
        {
            giveUp($"The storage has failed for {Patience.TotalSeconds:F0} seconds ({failure.Message}); the gateway stops, so that a new process opens the files anew.");
        }

        return failure;
    }

    /// <summary>The storage fails.</summary>
    /// <param name="Since">When it was first noticed.</param>
    /// <param name="FailedAt">When it was last tried.</param>
    /// <param name="Pause">How long changes are refused at once after that.</param>
    private sealed record Outage(long Since, long FailedAt, TimeSpan Pause, SqliteFailure Cause);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The write-ahead log could not be moved into the database at the end; the next start does it.")]
        public static partial void LeftInTheLog(ILogger logger, Exception exception);
    }
}
