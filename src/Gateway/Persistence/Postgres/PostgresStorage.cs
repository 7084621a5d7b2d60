using Gateway.Activities;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Persistence.Postgres;

/// <summary>One database for any number of nodes. Opening it brings its schema up to date and reads its clock.</summary>
internal sealed class PostgresStorage : IStorage
{
    /// <summary>About 50 MB where all of them are small; a minute of a thousand registrations a second.</summary>
    private const int RecentlyRegistered = 64 * 1024;

    private readonly PostgresSource source;
    private readonly CommitLoop<IPostgresChange> commits;
    private readonly NodeMessages messages;
    private readonly NodeLink link;
    private readonly Action<CommitNotice> notify;
    private readonly DbContextOptions<PostgresGatewayDbContext> searching;

    /// <param name="time">Reads the database's clock through this storage.</param>
    /// <param name="notify">Told of what may be leased and what was closed, by this node's commits and by the others'.</param>
    /// <param name="awaited">The activities whose end somebody waits for at this node.</param>
    /// <exception cref="StartupException">No server answers, or it refuses.</exception>
    public PostgresStorage(
        StorageOptions options, DatabaseTime time, Action<CommitNotice> notify, Func<IReadOnlyCollection<ActivityId>> awaited,
        ILogger<PostgresStorage> logger, Action<int>? committed = null)
    {
        this.notify = notify;
        source = new PostgresSource(options.ConnectionString!);
        PostgresMigration.RunAsync(source, logger).GetAwaiter().GetResult();
        searching = PostgresMigration.ContextOptions(source);
        messages = new NodeMessages(source);
        link = new NodeLink(source, time, messages, Wake, awaited, logger);
        link.StartAsync().GetAwaiter().GetResult();
        // One batch under way at a time: with two the same work came in smaller ones, which cost a seventh more processor time for
        // each change, here and at the server, and no more changes were made in a second.
        var writer = new PostgresWriter(source, new SchemaIds(), Recent, logger);
        commits = new CommitLoop<IPostgresChange>(writer, ownThread: false, options, Notify, committed, time, logger);
        Reads = new PostgresReads(source, options);
        Calls = new PostgresCalls(source);
        Activities = new PostgresActivityStore(this);
        Outbox = new PostgresOutboxStore(this);
    }

    public IActivityStore Activities { get; }

    public IOutboxStore Outbox { get; }

    /// <summary>Guesses: other nodes change what this one registered.</summary>
    public RecentActivities Recent { get; } = new(RecentlyRegistered);

    public PostgresReads Reads { get; }

    public PostgresCalls Calls { get; }

    public GatewayDbContext OpenContext() => new PostgresGatewayDbContext(searching);

    /// <summary>Joins the line of the writers; the answer comes after the commit.</summary>
    public Task<T> CommitAsync<T>(PostgresChange<T> change)
    {
        commits.Enqueue(change);
        return change.Answer;
    }

    /// <summary>After a commit: wakes this node's waiters, and the others'.</summary>
    public void Notify(CommitNotice notice)
    {
        Wake(notice);
        messages.Tell(notice);
    }

    /// <summary>Something was closed or may be leased, at whatever node.</summary>
    private void Wake(CommitNotice notice)
    {
        if (notice.Closed is { } id)
        {
            Recent.Drop(id);
        }

        notify(notice);
    }

    public void Dispose()
    {
        commits.Dispose();
        link.Dispose();
        source.Dispose();
    }
}
