using Gateway.Activities;
using Gateway.Persistence;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Benchmarks.Load;

/// <summary>
/// The least that an answer on stable storage takes: the body under a unique key and an entry beside it, in a commit shared
/// with whoever else waits. No look at the activity, no guard, no index over what is due.
/// </summary>
internal sealed class CommittedBodies : IDisposable
{
    private readonly CommitLoop<BodyChange> commits;

    private CommittedBodies(IBatchWriter<BodyChange> writer, StorageOptions options) =>
        commits = new CommitLoop<BodyChange>(writer, !options.IsPostgres, options, static _ => { }, null, TimeProvider.System, NullLogger.Instance);

    /// <summary>In the store that the gateway's own settings name, which are in the environment.</summary>
    public static async Task<CommittedBodies> OpenAsync()
    {
        var options = new ConfigurationBuilder().AddEnvironmentVariables().Build().GetSection(StorageOptions.Section).Get<StorageOptions>()!;
        if (options.IsPostgres)
        {
            return new CommittedBodies(await PostgresBodies.OpenAsync(options.ConnectionString!), options);
        }

        Directory.CreateDirectory(options.DataDirectory);
        return new CommittedBodies(new SqliteBodies(options.DatabasePath), options);
    }

    public Task CommitAsync(byte[] body)
    {
        var change = new BodyChange(body);
        commits.Enqueue(change);
        return change.Answer;
    }

    public void Dispose() => commits.Dispose();
}

internal sealed class BodyChange(byte[] body) : PendingChange<bool>(body.Length)
{
    public ActivityId Id { get; init; } = ActivityId.New(TimeProvider.System.GetUtcNow());

    public byte[] Body => body;
}
